/**
 * Which nodes say that they run short of something. Only whole Node objects tell that, which are a hundred times what the row of a
 * table is: they are looked at the less often the more there are, and what was seen last holds meanwhile.
 *
 * @see https://kubernetes.io/docs/reference/node/node-status/#condition
 */
import type { ProbeTools } from './Probe';

/** What a node lacks, by the condition that says so when it is `True`. */
const SHORTAGES: Readonly<Record<string, string>> = {
  MemoryPressure: 'memory',
  DiskPressure: 'disk',
  PIDPressure: 'process ids',
  NetworkUnavailable: 'network',
};
/** Milliseconds between two looks for each node that there is: two nodes a second, some tens of kilobytes. */
const PAUSE_PER_NODE_MS = 500;
/** Milliseconds; what is seen is never older than this, however many nodes there are. */
const LONGEST_PAUSE_MS = 60_000;
/** Nodes a request. */
const PAGE = 500;
/** Seconds that the API server works on a page. */
const TIMEOUT_S = 10;
/** Names that are kept; of the others only the number is. */
const MAX_KEPT = 10;

/** The nodes that ran short of something when they were last looked at. */
export interface NodePressure {
  /** RFC 3339. */
  seen: string;
  /** How many. */
  count: number;
  /** Some of them, e.g. `{name: 'a', lacks: ['memory', 'disk']}`. */
  nodes: { name: string; lacks: string[] }[];
}

/** A list of Nodes, as far as it is looked at. */
interface NodeList {
  metadata?: { continue?: string };
  items?: {
    metadata?: { name?: string };
    status?: { conditions?: { type?: string; status?: string }[] };
  }[];
}

function shortagesIn({ items = [] }: NodeList): NodePressure['nodes'] {
  return items
    .map(({ metadata, status }) => ({
      name: String(metadata?.name),
      lacks: (status?.conditions ?? [])
        .filter(condition => condition.status === 'True')
        .map(({ type = '' }) =>
          Object.hasOwn(SHORTAGES, type) ? SHORTAGES[type] : '',
        )
        .filter(Boolean),
    }))
    .filter(({ lacks }) => lacks.length > 0);
}

function isDue(
  previous: NodePressure | undefined,
  options: { count: number; now: Date },
): boolean {
  if (!previous) return true;
  const pauseMs = Math.min(options.count * PAUSE_PER_NODE_MS, LONGEST_PAUSE_MS);
  const elapsedMs = options.now.getTime() - Date.parse(previous.seen);
  return elapsedMs >= pauseMs;
}

async function look({ ask, now }: ProbeTools): Promise<NodePressure> {
  const short: NodePressure['nodes'] = [];
  let next: string | undefined;
  do {
    const response = await ask({
      path: '/api/v1/nodes',
      query: { limit: PAGE, continue: next, timeoutSeconds: TIMEOUT_S },
    });
    const page = await response.json<NodeList>();
    short.push(...shortagesIn(page));
    next = page.metadata?.continue || undefined;
  } while (next !== undefined);
  return {
    seen: now.toISOString(),
    count: short.length,
    nodes: short.slice(0, MAX_KEPT),
  };
}

/**
 * Looks at the conditions of the nodes when it is time to.
 *
 * @param options - `previous`: what was seen last; `count`: how many nodes there are now
 * @returns what is known; undefined when nothing ever was
 */
export async function probeNodePressure(
  tools: ProbeTools,
  options: { previous?: NodePressure; count: number },
): Promise<NodePressure | undefined> {
  const { previous, count } = options;
  if (count === 0) return undefined;
  if (!isDue(previous, { count, now: tools.now })) return previous;
  try {
    return await look(tools);
  } catch {
    // Whether the API server answers is another component's question.
    return previous;
  }
}
