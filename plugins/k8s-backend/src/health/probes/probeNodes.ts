import type { HealthComponent } from '../HealthCheck';
import { untold } from './Probe';
import type { ProbeTools } from './Probe';

const SOURCE = 'Conditions of the nodes';
// What kubectl asks for: a row per node instead of the whole object, which is a hundredth of it.
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const MAX_NAMES = 3;

/** A Table of the API server, as far as it is looked at. */
interface Table {
  columnDefinitions?: { name: string }[];
  rows?: { cells: unknown[] }[];
}

/** A node in a word. */
export interface NodeSight {
  name: string;
  isReady: boolean;
  /** Of its kubelet, e.g. `v1.37.2`. */
  version: string;
}

/** What the nodes show; `nodes` is absent when they may not be seen. */
export interface NodesSight {
  component: HealthComponent;
  nodes?: NodeSight[];
}

function nodesIn({ columnDefinitions = [], rows = [] }: Table): NodeSight[] {
  const columnOf = (name: string) =>
    columnDefinitions.findIndex(column => column.name === name);
  const [name, status, version] = ['Name', 'Status', 'Version'].map(columnOf);
  return rows.map(({ cells }) => ({
    name: String(cells[name]),
    // `Ready`, `NotReady` or `Unknown`, and `SchedulingDisabled` after a comma.
    isReady: String(cells[status]).split(',').includes('Ready'),
    version: String(cells[version]),
  }));
}

/** Looks at the nodes, out of the API server's own cache: etcd is another component's question. */
export async function probeNodes({
  ask,
  now,
}: ProbeTools): Promise<NodesSight | undefined> {
  try {
    const response = await ask({
      path: '/api/v1/nodes',
      query: { resourceVersion: '0', includeObject: 'None' },
      accept: TABLE,
    });
    const nodes = nodesIn(await response.json<Table>());
    return { nodes, component: componentOf(nodes, now) };
  } catch (error) {
    const component = untold(error, {
      name: 'nodes',
      source: SOURCE,
      absent: 'The API server does not tell of nodes',
    });
    return component && { component };
  }
}

function componentOf(nodes: NodeSight[], now: Date): HealthComponent {
  const name = 'nodes' as const;
  const seen = now.toISOString();
  if (nodes.length === 0) {
    const message = 'The cluster has no nodes';
    return { name, source: SOURCE, status: 'healthy', message, seen };
  }
  const away = nodes.filter(({ isReady }) => !isReady).map(node => node.name);
  if (away.length === 0) {
    return { name, source: SOURCE, status: 'healthy', seen };
  }
  const named = away.slice(0, MAX_NAMES).join(', ');
  const more =
    away.length > MAX_NAMES ? ` and ${away.length - MAX_NAMES} more` : '';
  return {
    name,
    source: SOURCE,
    status: away.length === nodes.length ? 'unhealthy' : 'degraded',
    message: `${away.length} of ${nodes.length} nodes are not ready: ${named}${more}`,
    seen,
  };
}
