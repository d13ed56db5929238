import type {
  ResourceFilter,
  ResourceHook,
} from '@backstage-k8s/plugin-k8s-node';
import { ReadGuard } from '../access/ReadGuard';
import { InProcessResourceCache } from '../cache/InProcessResourceCache';
import { MemoryLedger } from '../cache/memory/MemoryLedger';
import type { ResourceCache } from '../cache/ResourceCache';
import { WorkerResourceCache } from '../cache/worker/WorkerResourceCache';
import { CachedKindDirectory } from '../discovery/CachedKindDirectory';
import { DatabaseEventStore } from '../events/DatabaseEventStore';
import { EventRecorder } from '../events/EventRecorder';
import { rememberingEvents } from '../events/rememberingEvents';
import { HookedResourceClient } from '../extensions/HookedResourceClient';
import { ResourceFilters } from '../extensions/ResourceFilters';
import { systemContext } from '../health/systemContext';
import { DatabaseHistoryStore } from '../history/DatabaseHistoryStore';
import { HistoryFollower } from '../history/HistoryFollower';
import { HistoryRecorder } from '../history/HistoryRecorder';
import type { ChangeListener } from '../history/ObjectChange';
import { AccessReviews } from '../impersonation/AccessReviews';
import { ClusterRules } from '../impersonation/ClusterRules';
import { ImpersonatingConnections } from '../impersonation/ImpersonatingConnections';
import { MappedIdentities } from '../impersonation/MappedIdentities';
import { AuditedPodLogs } from '../logs/AuditedPodLogs';
import { AuthorizedPodLogs } from '../logs/AuthorizedPodLogs';
import { LivePodLogs } from '../logs/LivePodLogs';
import { AuditedResourceClient } from '../resources/AuditedResourceClient';
import { AuthorizedResourceClient } from '../resources/AuthorizedResourceClient';
import { CachedResourceClient } from '../resources/CachedResourceClient';
import { LiveResourceClient } from '../resources/LiveResourceClient';
import { NarrowedResourceClient } from '../resources/NarrowedResourceClient';
import { AuditedPodTerminals } from '../terminal/AuditedPodTerminals';
import { AuthorizedPodTerminals } from '../terminal/AuthorizedPodTerminals';
import { DatabaseTerminalStore } from '../terminal/DatabaseTerminalStore';
import { LivePodTerminals } from '../terminal/LivePodTerminals';
import { TerminalTickets } from '../terminal/TerminalTickets';
import type { PluginServices } from './PluginServices';
import type { Registry } from './wireRegistry';

/** What is in clusters: the layers of reading and changing it, from the audit down to the API server. */
export async function wireResources(
  registry: Registry,
  options: PluginServices & {
    filters: readonly ResourceFilter[];
    hooks: readonly ResourceHook[];
  },
) {
  const { access, accessSource, audit, clusters, connections } = registry;
  const { health, store } = registry;
  const { auth, database, filters, hooks, logger, now, settings, userInfo } =
    options;
  const suspect = (cluster: string) => health.suspect(cluster);
  const historyStore = new DatabaseHistoryStore(database);
  const history = new HistoryRecorder({ store: historyStore, logger });
  const onChanges: ChangeListener | undefined =
    settings.historyRetentionDays === 0
      ? undefined
      : (...heard) => history.hear(...heard);
  const cache: ResourceCache =
    settings.cacheWorkers === 0
      ? new InProcessResourceCache({
          ...{ connections, suspect, onChanges },
          memory: {
            ceilingBytes: settings.cacheMemoryBytes,
            memory: MemoryLedger.memory(1),
            thread: 0,
          },
          onWarning: (message, details) => logger.warn(message, details),
        })
      : new WorkerResourceCache({
          access: accessSource,
          workers: settings.cacheWorkers,
          settings: { network: settings.network },
          ceilingBytes: settings.cacheMemoryBytes,
          ...{ suspect, onChanges, logger },
        });
  const identities = new MappedIdentities({
    impersonates: async id => (await store.get(id)).impersonates,
    userInfo: userInfo,
    mapping: settings.impersonation,
    now,
  });
  const asCaller = new ImpersonatingConnections({
    connections,
    identities,
  });
  const kinds = new CachedKindDirectory({ connections, now });
  const cached = new CachedResourceClient({
    cache,
    live: new LiveResourceClient({ connections: asCaller }),
    hasWatch: kind => kinds.hasWatch(kind),
  });
  const system = await systemContext(auth);
  const eventStore = new DatabaseEventStore(database);
  const recorder = new EventRecorder({
    store: eventStore,
    reader: cached,
    cache,
    clusters: () => store.list(),
    ...{ system, logger },
  });
  const rules = new ClusterRules({
    ...{ identities, kinds, system },
    reviews: new AccessReviews({ connections, now }),
    reader: cached,
  });
  const ruled = new NarrowedResourceClient({
    client: rememberingEvents(cached, { store: eventStore }),
    narrowing: rules,
  });
  const authorized = { access, clusters };
  const resourceFilters = new ResourceFilters({ filters, clusters });
  const readGuard = new ReadGuard({
    ...authorized,
    narrowings: [resourceFilters, rules],
  });
  const hooked = new HookedResourceClient({
    hooks,
    clusters,
    logger,
    reader: ruled,
    writer: new AuthorizedResourceClient({ ...authorized, client: ruled }),
  });
  const resources = new AuditedResourceClient({
    audit,
    clusters,
    client: new AuthorizedResourceClient({
      ...authorized,
      client:
        filters.length > 0
          ? new NarrowedResourceClient({
              client: hooked,
              narrowing: resourceFilters,
            })
          : hooked,
    }),
  });
  const logs = new AuditedPodLogs({
    audit,
    clusters,
    logs: new AuthorizedPodLogs({
      ...authorized,
      rules,
      guard: readGuard,
      logs: new LivePodLogs({
        connections: asCaller,
        onCircuit: listener => connections.onCircuit(listener),
        reader: resources,
      }),
    }),
  });
  const terminals = new AuditedPodTerminals({
    audit,
    clusters,
    terminals: new AuthorizedPodTerminals({
      ...authorized,
      rules,
      guard: readGuard,
      terminals: new LivePodTerminals({
        connections: asCaller,
        reader: resources,
      }),
    }),
  });
  const terminalStore = new DatabaseTerminalStore(database);
  const tickets = new TerminalTickets(terminalStore);
  const historyFollower = new HistoryFollower({
    kinds: settings.historyKinds,
    directory: kinds,
    clusters: () => store.list(),
    ...{ cache, logger, now },
  });
  return {
    cache,
    eventStore,
    history,
    historyFollower,
    historyStore,
    readGuard,
    recorder,
    kinds,
    logs,
    resources,
    terminals,
    terminalStore,
    tickets,
  };
}

/** What {@link wireResources} makes. */
export type Resources = Awaited<ReturnType<typeof wireResources>>;
