import type { HealthComponent } from '../HealthCheck';
import { untold } from './Probe';
import type { ProbeTools } from './Probe';
import { probeNodePressure } from './probeNodePressure';
import type { NodePressure } from './probeNodePressure';

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
  /** Absent when it is not known. */
  pressure?: NodePressure;
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

/**
 * Looks at the nodes, out of the API server's own cache: etcd is another component's question.
 *
 * @param options - `pressure`: what was seen of it by the check before
 */
export async function probeNodes(
  tools: ProbeTools,
  options: { pressure?: NodePressure } = {},
): Promise<NodesSight | undefined> {
  try {
    const response = await tools.ask({
      path: '/api/v1/nodes',
      query: { resourceVersion: '0', includeObject: 'None' },
      accept: TABLE,
    });
    const nodes = nodesIn(await response.json<Table>());
    const pressure = await probeNodePressure(tools, {
      previous: options.pressure,
      count: nodes.length,
    });
    const component = componentOf(nodes, { pressure, now: tools.now });
    return { nodes, pressure, component };
  } catch (error) {
    const component = untold(error, {
      name: 'nodes',
      source: SOURCE,
      absent: 'The API server does not tell of nodes',
    });
    return component && { component };
  }
}

/** Some names, and how many more there are. */
function namesOf(named: readonly string[], count: number): string {
  const some = named.slice(0, MAX_NAMES);
  const more = count > some.length ? ` and ${count - some.length} more` : '';
  return `${some.join(', ')}${more}`;
}

function componentOf(
  nodes: NodeSight[],
  options: { pressure?: NodePressure; now: Date },
): HealthComponent {
  const { pressure } = options;
  const component = {
    name: 'nodes' as const,
    source: SOURCE,
    seen: options.now.toISOString(),
  };
  if (nodes.length === 0) {
    const message = 'The cluster has no nodes';
    return { ...component, status: 'healthy', message };
  }
  const away = nodes.filter(({ isReady }) => !isReady).map(node => node.name);
  const problems: { message: string; names: string }[] = [];
  if (away.length > 0) {
    problems.push({
      message: `${away.length} of ${nodes.length} nodes are not ready`,
      names: namesOf(away, away.length),
    });
  }
  if (pressure && pressure.count > 0) {
    const short = pressure.nodes.map(
      ({ name, lacks }) => `${name} (${lacks.join(', ')})`,
    );
    problems.push({
      message: `${pressure.count} of ${nodes.length} nodes run short`,
      names: namesOf(short, pressure.count),
    });
  }
  if (problems.length === 0) return { ...component, status: 'healthy' };
  return {
    ...component,
    status: away.length === nodes.length ? 'unhealthy' : 'degraded',
    message: problems.map(({ message }) => message).join('; '),
    namingMessage: problems
      .map(({ message, names }) => `${message}: ${names}`)
      .join('; '),
  };
}
