import { accessHandlers } from '../access/accessHandlers';
import { AuditScopes } from '../audit/AuditScopes';
import { AuditTopic } from '../audit/AuditTopic';
import { auditHandlers } from '../audit/auditHandlers';
import { authenticationHandlers } from '../authentication/authenticationHandlers';
import { cacheHandlers } from '../cache/cacheHandlers';
import { ClusterDependents } from '../clusters/ClusterDependents';
import { ClusterService } from '../clusters/ClusterService';
import { ClusterChecker } from '../clusters/check/ClusterChecker';
import { clusterHandlers } from '../clusters/clusterHandlers';
import { KindSchemas } from '../discovery/KindSchemas';
import { kindHandlers } from '../discovery/kindHandlers';
import { ObjectHistory } from '../history/ObjectHistory';
import { historyHandlers } from '../history/historyHandlers';
import { ViewTopics } from '../live/ViewTopics';
import { logHandlers } from '../logs/logHandlers';
import { ClusterFanOut } from '../manyClusters/ClusterFanOut';
import { manyClusterHandlers } from '../manyClusters/manyClusterHandlers';
import type { ManyClustersOperation } from '../manyClusters/manyClusterHandlers';
import { NamespaceService } from '../namespaces/NamespaceService';
import { namespaceHandlers } from '../namespaces/namespaceHandlers';
import { ObjectActions } from '../objects/ObjectActions';
import { ObjectReader } from '../objects/ObjectReader';
import { ObjectService } from '../objects/ObjectService';
import { objectHandlers } from '../objects/objectHandlers';
import { KubeProxy } from '../proxy/KubeProxy';
import { proxyHandlers } from '../proxy/proxyHandlers';
import { RelatedObjects } from '../related/RelatedObjects';
import { relatedHandlers } from '../related/relatedHandlers';
import type { Handlers } from '../router/Handlers';
import { ObjectSearch } from '../search/ObjectSearch';
import { searchHandlers } from '../search/searchHandlers';
import { readDevelopmentClusters } from '../status/readDevelopmentClusters';
import { statusHandlers } from '../status/statusHandlers';
import { ClusterTopics } from '../streams/ClusterTopics';
import { StreamAccess } from '../streams/StreamAccess';
import { streamHandlers } from '../streams/streamHandlers';
import { ResourceTables } from '../tables/ResourceTables';
import { TableTopic } from '../tables/TableTopic';
import { tableHandlers } from '../tables/tableHandlers';
import { terminalHandlers } from '../terminal/terminalHandlers';
import { ClusterViews } from '../views/ClusterViews';
import { NodeUsage } from '../views/NodeUsage';
import { viewHandlers } from '../views/viewHandlers';
import { AccessChangeGuard } from '../workloads/ChangeGuard';
import { DeploymentReader } from '../workloads/DeploymentReader';
import { DeploymentService } from '../workloads/DeploymentService';
import { RolloutWaiter } from '../workloads/RolloutWaiter';
import { ServiceAnnotations } from '../workloads/ServiceAnnotations';
import { ServiceDeployments } from '../workloads/ServiceDeployments';
import { deploymentHandlers } from '../workloads/deploymentHandlers';
import type { PluginServices } from './PluginServices';
import type { Registry } from './wireRegistry';
import type { Resources } from './wireResources';

interface HandlerOptions extends PluginServices {
  shutdown: AbortController;
}

/** What answers each operation of the contract. */
export function wireHandlers(
  registry: Registry,
  layers: Resources,
  options: HandlerOptions & {
    /** Puts the modules' middleware around handlers. */
    wrap<Some extends Partial<Handlers>>(handlers: Some): Some;
  },
): Handlers {
  const { audit, clusters } = registry;
  const { logger, wrap } = options;
  const handlers = wrap(wireOwnHandlers(registry, layers, options));
  const ofManyClusters = manyClusterHandlers({
    fanOut: new ClusterFanOut({
      ...{ clusters, logger, idempotency: registry.idempotency },
    }),
    audit,
    // With the middleware: what a module says of one cluster it says of each of many.
    handlers,
  });
  return { ...handlers, ...wrap(ofManyClusters) };
}

/** All handlers but those that stand on others. */
function wireOwnHandlers(
  registry: Registry,
  layers: Resources,
  options: HandlerOptions,
): Omit<Handlers, ManyClustersOperation> {
  const scopes = new AuditScopes({
    access: registry.access,
    clusters: registry.clusters,
  });
  const { access, audit, auditStore, authentications, cipher, clusters } =
    registry;
  const { connections } = registry;
  const { directory, health, network, store } = registry;
  const { cache, kinds, logs, resources, terminals, tickets } = layers;
  const { auth, catalog, events, logger, now, settings, shutdown } = options;
  const guard = new AccessChangeGuard({ access, clusters });
  const { resourceDefaults } = settings;
  const objects = new ObjectService({
    ...{ resources, clusters, kinds, guard, resourceDefaults },
  });
  const reader = new DeploymentReader({ resources, now });

  const usage = new NodeUsage({ resources, now });
  const deploymentsOfServices = new ServiceDeployments({
    resources,
    annotations: new ServiceAnnotations({ access, auth, catalog, logger }),
    clusters: directory,
    health,
  });
  const views = new ClusterViews({ resources, usage });
  const ofClusters = clusterHandlers({
    clusters: new ClusterService({
      store,
      directory,
      access,
      audit,
      authentications,
      checker: new ClusterChecker({ network, authentications }),
      cipher,
      dependents: new ClusterDependents({ catalog, auth }),
      health,
      events,
      logger,
    }),
    ...{ directory, health, authentications },
    contents: views,
    guard: layers.readGuard,
  });
  const clusterTopics = new ClusterTopics({
    handlers: ofClusters,
    changes: [
      listener => store.onChange(listener),
      listener => health.onChange(listener),
    ],
  });
  const viewTopics = new ViewTopics({
    resources,
    services: deploymentsOfServices,
    usage,
  });
  return {
    ...ofClusters,
    ...accessHandlers({ access, clusters }),
    ...authenticationHandlers({ access, authentications }),
    ...cacheHandlers({
      ...{ access, clusters, cache },
      calls: () => connections.calls(),
      history: () => layers.history.status(),
    }),
    ...auditHandlers({ scopes, store: auditStore }),
    ...deploymentHandlers({
      reader,
      deployments: new DeploymentService({
        resources,
        reader,
        guard,
        waiter: new RolloutWaiter({
          resources,
          timeoutMs: settings.integrationTimeoutMs,
        }),
        resourceDefaults,
        now,
      }),
      services: deploymentsOfServices,
    }),
    ...kindHandlers({
      clusters,
      kinds,
      schemas: new KindSchemas({ connections }),
    }),
    ...tableHandlers({
      tables: new ResourceTables({ resources, kinds, clusters }),
    }),
    ...searchHandlers({
      search: new ObjectSearch({ resources, kinds, clusters, cache }),
    }),
    ...objectHandlers({
      objects,
      reader: new ObjectReader({ resources, clusters, kinds }),
      actions: new ObjectActions({
        ...{ resources, objects, resourceDefaults, now },
      }),
    }),
    ...historyHandlers({
      history: new ObjectHistory({
        store: layers.historyStore,
        audit: auditStore,
        guard: layers.readGuard,
        retentionDays: settings.historyRetentionDays,
        alwaysKept: settings.historyKinds,
        ...{ scopes, clusters, kinds, resources },
      }),
    }),
    ...proxyHandlers({
      proxy: new KubeProxy({
        ...{ resources, objects, clusters, kinds, health, audit, logger },
      }),
    }),
    ...relatedHandlers({
      related: new RelatedObjects({
        ...{ resources, kinds, clusters },
        guard: layers.readGuard,
      }),
    }),
    ...logHandlers({ logs, shutdown: shutdown.signal }),
    ...terminalHandlers({ terminals, tickets }),
    ...namespaceHandlers({
      namespaces: new NamespaceService({ resources, guard }),
    }),
    ...statusHandlers({
      permissionEnabled: settings.permissionEnabled,
      encryptionConfigured: cipher.isConfigured,
      developmentClusters: () =>
        readDevelopmentClusters(settings.developmentClustersFile, {
          logger,
        }),
    }),
    ...streamHandlers({
      topics: {
        clusters: clusterTopics,
        health: clusterTopics,
        nodes: viewTopics,
        events: viewTopics,
        namespaces: viewTopics,
        deployments: viewTopics,
        rollouts: viewTopics,
        service: viewTopics,
        resources: new TableTopic({ resources, kinds, clusters }),
        audit: new AuditTopic({ scopes, feed: registry.auditFeed }),
      },
      access: new StreamAccess({
        access,
        clusters,
        services: deploymentsOfServices,
        audit: scopes,
      }),
      logger,
      shutdown: shutdown.signal,
    }),
    ...viewHandlers({ views }),
  };
}
