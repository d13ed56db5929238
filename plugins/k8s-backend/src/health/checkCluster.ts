/**
 * One check of a cluster. The API server is asked first; only when it answers are the other parts looked at, all at once. Of
 * what cannot be known now, the last knowledge stays, with the time when it was seen.
 */
import type { ClusterConnection } from '../connection/ClusterConnection';
import { readVersion } from '../clusters/check/kubeIdentity';
import type {
  ClusterCheck,
  ComponentName,
  HealthComponent,
} from './HealthCheck';
import { overallHealth } from './overallHealth';
import { certificateExpiry } from './probes/certificateExpiry';
import { probeTools } from './probes/Probe';
import { probeApiServer } from './probes/probeApiServer';
import type { ApiServerSight } from './probes/probeApiServer';
import { probeEtcd } from './probes/probeEtcd';
import { probeLease } from './probes/probeLease';
import type { NodePressure } from './probes/probeNodePressure';
import { probeNodes } from './probes/probeNodes';
import { versionSkew } from './probes/versionSkew';

// Together below the five seconds that a check may take. The API server gives a frozen etcd two seconds.
const API_SERVER_TIMEOUT_MS = 2_300;
const PARTS_TIMEOUT_MS = 2_500;

/** Components in the order in which they are shown, and where each is known from while nothing was seen of it. */
const COMPONENTS: readonly [name: ComponentName, source: string][] = [
  ['apiserver', '/readyz?verbose'],
  ['etcd', '/readyz/etcd'],
  ['controller-manager', 'Lease kube-system/kube-controller-manager'],
  ['scheduler', 'Lease kube-system/kube-scheduler'],
  ['nodes', 'Conditions of the nodes'],
  ['versions', '/version and the nodes'],
  ['certificates', 'TLS handshake and our credential'],
  ['connection', 'The portal itself'],
];

/** What a check works with. */
export interface CheckOptions {
  /** The last check; absent: the first. */
  previous?: ClusterCheck;
  /** RFC 3339; when our credential ends. */
  credentialExpiresAt?: string;
  signal: AbortSignal;
  now: Date;
}

/** How the parts are; those of which nothing is known now are absent. */
type Sights = Partial<Record<ComponentName, HealthComponent>>;

/** What the parts show, and what the next check has to know of it. */
interface Parts {
  sights: Sights;
  version?: string;
  nodePressure?: NodePressure;
}

async function versionOf(
  ask: Parameters<typeof readVersion>[0],
): Promise<string | undefined> {
  try {
    return await readVersion(ask);
  } catch {
    // What the API server does not say of itself now is kept from before.
    return undefined;
  }
}

async function lookAtParts(
  connection: ClusterConnection,
  options: CheckOptions,
): Promise<Parts> {
  const { signal, now, previous } = options;
  const tools = probeTools(connection, {
    signal,
    now,
    timeoutMs: PARTS_TIMEOUT_MS,
  });
  const [etcd, manager, scheduler, nodes, seenVersion] = await Promise.all([
    probeEtcd(tools),
    probeLease('controller-manager', tools),
    probeLease('scheduler', tools),
    probeNodes(tools, { pressure: previous?.nodePressure }),
    versionOf(tools.ask),
  ]);
  const version = seenVersion ?? previous?.version;
  return {
    version,
    nodePressure: nodes ? nodes.pressure : previous?.nodePressure,
    sights: {
      etcd,
      'controller-manager': manager,
      scheduler,
      nodes: nodes?.component,
      versions:
        version !== undefined && nodes?.nodes
          ? versionSkew(version, { nodes: nodes.nodes, now })
          : undefined,
    },
  };
}

/** A connection that works for now, with a credential that could not be renewed. */
function withProblem(
  component: HealthComponent | undefined,
  problem: string | undefined,
): HealthComponent | undefined {
  return component?.status === 'healthy' && problem !== undefined
    ? { ...component, status: 'degraded', message: problem }
    : component;
}

/** All components in order: as seen now, else as seen before, else unknown. */
function completed(
  sights: Sights,
  previous: ClusterCheck | undefined,
): HealthComponent[] {
  return COMPONENTS.map(([name, source]) => {
    const before = previous?.components.find(known => known.name === name);
    const now = sights[name];
    if (!now) {
      return before ?? { name, source, status: 'unknown' };
    }
    return now.seen === undefined && before?.seen !== undefined
      ? { ...now, seen: before.seen }
      : now;
  });
}

/** Checks a cluster within five seconds. @throws the signal's reason */
export async function checkCluster(
  connection: ClusterConnection,
  options: CheckOptions,
): Promise<ClusterCheck> {
  const { previous, signal, now, credentialExpiresAt } = options;
  const first: ApiServerSight = await probeApiServer(
    probeTools(connection, { signal, now, timeoutMs: API_SERVER_TIMEOUT_MS }),
  );
  const { sights, version, nodePressure }: Parts = first.isReached
    ? await lookAtParts(connection, options)
    : {
        sights: {},
        version: previous?.version,
        nodePressure: previous?.nodePressure,
      };
  const { serverCertificateExpiresAt, lastSeen, credentialProblem } =
    connection.state();
  const certificates = certificateExpiry(
    { server: serverCertificateExpiresAt, credential: credentialExpiresAt },
    now,
  );
  // Whose API server does not answer has shown no certificate; the last one may expire meanwhile.
  const isSilent = first.apiServer?.status === 'unreachable';
  const components = completed(
    {
      ...sights,
      apiserver: first.apiServer,
      connection: withProblem(first.connection, credentialProblem),
      certificates: isSilent
        ? { ...certificates, seen: undefined }
        : certificates,
    },
    previous,
  );
  return concluded(components, {
    ...options,
    version,
    nodePressure,
    lastSeen: lastSeen ?? previous?.lastSeen,
    unreached: first.isReached ? undefined : first.message ?? 'No answer',
  });
}

/** A check of a cluster that there is not even a connection to, e.g. since its credential cannot be decrypted. */
export function failedCheck(
  message: string,
  options: { previous?: ClusterCheck; now: Date },
): ClusterCheck {
  const { previous, now } = options;
  const components = completed(
    {
      connection: {
        name: 'connection',
        source: 'The portal itself',
        status: 'unhealthy',
        message,
        seen: now.toISOString(),
      },
    },
    previous,
  );
  return concluded(components, {
    previous,
    now,
    version: previous?.version,
    nodePressure: previous?.nodePressure,
    lastSeen: previous?.lastSeen,
    unreached: message,
  });
}

function concluded(
  components: HealthComponent[],
  options: {
    previous?: ClusterCheck;
    now: Date;
    version?: string;
    nodePressure?: NodePressure;
    lastSeen?: string;
    /** Why it was not reached; absent: it was. */
    unreached?: string;
  },
): ClusterCheck {
  const { previous, now, version, nodePressure, lastSeen, unreached } = options;
  const { status, reason } =
    unreached === undefined
      ? overallHealth(components)
      : { status: 'unreachable' as const, reason: unreached };
  const at = now.toISOString();
  return {
    status,
    reason,
    since: previous?.status === status ? previous.since : at,
    checkedAt: at,
    lastSeen,
    version,
    components,
    nodePressure,
  };
}
