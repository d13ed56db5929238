/**
 * The wiring: the only place that knows which class implements what.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import {
  k8sApiMiddlewareExtensionPoint,
  k8sResourceFiltersExtensionPoint,
  k8sResourceHooksExtensionPoint,
} from '@backstage-k8s/plugin-k8s-node';
import type {
  ApiMiddleware,
  ResourceFilter,
  ResourceHook,
} from '@backstage-k8s/plugin-k8s-node';
import { accessHandlers } from './access/accessHandlers';
import { PermissionsAccessControl } from './access/PermissionsAccessControl';
import { registerResourceTypes } from './access/registerResourceTypes';
import type { VisibleClusters } from './access/VisibleClusters';
import { auditHandlers } from './audit/auditHandlers';
import { DatabaseAuditStore } from './audit/DatabaseAuditStore';
import { DefaultAuditLog } from './audit/DefaultAuditLog';
import { cacheHandlers } from './cache/cacheHandlers';
import { InProcessResourceCache } from './cache/InProcessResourceCache';
import { reportCacheMetrics } from './cache/reportCacheMetrics';
import type { ResourceCache } from './cache/ResourceCache';
import { WorkerResourceCache } from './cache/worker/WorkerResourceCache';
import { CachedClusterStore } from './clusters/CachedClusterStore';
import { ClusterChecker } from './clusters/check/ClusterChecker';
import { ClusterDependents } from './clusters/ClusterDependents';
import { clusterHandlers } from './clusters/clusterHandlers';
import { CLUSTERS_TOPIC, ClusterService } from './clusters/ClusterService';
import { CredentialCipher } from './clusters/CredentialCipher';
import { CredentialRotation } from './clusters/CredentialRotation';
import { DatabaseClusterStore } from './clusters/DatabaseClusterStore';
import { DefaultClusterDirectory } from './clusters/DefaultClusterDirectory';
import { readEncryptionKeys } from './clusters/readEncryptionKeys';
import { LevelLogger } from './config/LevelLogger';
import { readK8sConfig } from './config/readK8sConfig';
import { DefaultClusterConnections } from './connection/DefaultClusterConnections';
import { networkOf } from './connection/networkOf';
import { openDatabase } from './database/openDatabase';
import { CachedKindDirectory } from './discovery/CachedKindDirectory';
import { kindHandlers } from './discovery/kindHandlers';
import { KindSchemas } from './discovery/KindSchemas';
import { applyMiddleware } from './extensions/applyMiddleware';
import { HookedResourceClient } from './extensions/HookedResourceClient';
import { ResourceFilters } from './extensions/ResourceFilters';
import { DatabaseHealthStore } from './health/DatabaseHealthStore';
import { DefaultHealthMonitor } from './health/DefaultHealthMonitor';
import { HealthAnnouncer } from './health/HealthAnnouncer';
import { systemContext } from './health/systemContext';
import { DatabaseIdempotencyStore } from './idempotency/DatabaseIdempotencyStore';
import { DefaultIdempotencyKeys } from './idempotency/DefaultIdempotencyKeys';
import { AccessReviews } from './impersonation/AccessReviews';
import { ClusterRules } from './impersonation/ClusterRules';
import { ImpersonatingConnections } from './impersonation/ImpersonatingConnections';
import { MappedIdentities } from './impersonation/MappedIdentities';
import { AuditedPodLogs } from './logs/AuditedPodLogs';
import { AuthorizedPodLogs } from './logs/AuthorizedPodLogs';
import { LivePodLogs } from './logs/LivePodLogs';
import { logHandlers } from './logs/logHandlers';
import { namespaceHandlers } from './namespaces/namespaceHandlers';
import { NamespaceService } from './namespaces/NamespaceService';
import { ObjectActions } from './objects/ObjectActions';
import { objectHandlers } from './objects/objectHandlers';
import { ObjectReader } from './objects/ObjectReader';
import { ObjectService } from './objects/ObjectService';
import { relatedHandlers } from './related/relatedHandlers';
import { RelatedObjects } from './related/RelatedObjects';
import { AuditedResourceClient } from './resources/AuditedResourceClient';
import { AuthorizedResourceClient } from './resources/AuthorizedResourceClient';
import { CachedResourceClient } from './resources/CachedResourceClient';
import { LiveResourceClient } from './resources/LiveResourceClient';
import { NarrowedResourceClient } from './resources/NarrowedResourceClient';
import { DefaultLiveTopics } from './live/DefaultLiveTopics';
import { loadContract } from './router/Contract';
import { createRouter } from './router/createRouter';
import type { Handlers } from './router/Handlers';
import { rootPaths } from './router/RouteTable';
import { readDevelopmentClusters } from './status/readDevelopmentClusters';
import { statusHandlers } from './status/statusHandlers';
import { ClusterTopics } from './streams/ClusterTopics';
import { ResourceTopics } from './streams/ResourceTopics';
import { StreamAccess } from './streams/StreamAccess';
import { streamHandlers } from './streams/streamHandlers';
import { ResourceTables } from './tables/ResourceTables';
import { tableHandlers } from './tables/tableHandlers';
import { TableTopic } from './tables/TableTopic';
import { allowedOrigins } from './terminal/allowedOrigins';
import { AuditedPodTerminals } from './terminal/AuditedPodTerminals';
import { AuthorizedPodTerminals } from './terminal/AuthorizedPodTerminals';
import { DatabaseTerminalStore } from './terminal/DatabaseTerminalStore';
import { LivePodTerminals } from './terminal/LivePodTerminals';
import { terminalHandlers } from './terminal/terminalHandlers';
import { TerminalServer } from './terminal/TerminalServer';
import { TerminalTickets } from './terminal/TerminalTickets';
import { ClusterViews } from './views/ClusterViews';
import { NodeUsage } from './views/NodeUsage';
import { viewHandlers } from './views/viewHandlers';
import { AccessChangeGuard } from './workloads/ChangeGuard';
import { deploymentHandlers } from './workloads/deploymentHandlers';
import { DeploymentReader } from './workloads/DeploymentReader';
import { DeploymentService } from './workloads/DeploymentService';
import { RolloutWaiter } from './workloads/RolloutWaiter';
import { ServiceDeployments } from './workloads/ServiceDeployments';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Seconds between two checks of a cluster's health. */
const HEALTH_INTERVAL_SECONDS = 10;
/** Milliseconds that the last events of streams have to be sent. */
const FAREWELL_MS = 200;
/** As the contract promises. */
const HEALTH_HISTORY_DAYS = 7;
/** Milliseconds that a request may take besides the wait for a rollout. */
const REQUEST_MARGIN_MS = 30_000;

/**
 * The Kubernetes suite's back end, answering below `/api/k8s`.
 *
 * @public
 */
export const k8sPlugin = createBackendPlugin({
  pluginId: 'k8s',
  register(env) {
    const filters: ResourceFilter[] = [];
    const hooks: ResourceHook[] = [];
    const middleware: ApiMiddleware[] = [];
    env.registerExtensionPoint(k8sResourceFiltersExtensionPoint, {
      addFilter: filter => void filters.push(filter),
    });
    env.registerExtensionPoint(k8sResourceHooksExtensionPoint, {
      addHook: hook => void hooks.push(hook),
    });
    env.registerExtensionPoint(k8sApiMiddlewareExtensionPoint, {
      addMiddleware: link => void middleware.push(link),
    });
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        databaseService: coreServices.database,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        metrics: metricsServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        rootLifecycle: coreServices.rootLifecycle,
        rootLogger: coreServices.logger,
        scheduler: coreServices.scheduler,
        userInfo: coreServices.userInfo,
      },
      async init(services) {
        const { auditor, auth, catalog, config, events, httpAuth, httpRouter } =
          services;
        const settings = readK8sConfig(config);
        const logger = new LevelLogger(services.rootLogger, settings.logLevel);
        const database = await openDatabase({
          database: services.databaseService,
          logger,
        });
        const now = () => Date.now();

        const access = new PermissionsAccessControl({
          auth,
          permissions: services.permissions,
          permissionEnabled: settings.permissionEnabled,
          services: settings.services,
          logger,
        });
        const auditStore = new DatabaseAuditStore(database);
        const audit = new DefaultAuditLog({
          store: auditStore,
          auditor,
          logger,
        });
        const idempotencyStore = new DatabaseIdempotencyStore({
          database,
          keepMs: DAY_MS,
        });

        const cipher = new CredentialCipher(readEncryptionKeys(config));
        const records = new DatabaseClusterStore(database);
        const store = new CachedClusterStore({ records, cipher, logger });
        const rotation = new CredentialRotation({ records, cipher, logger });
        const directory = new DefaultClusterDirectory({ store, access });
        const clusters: VisibleClusters = {
          get: async (id, context) =>
            directory.reference(await directory.get(id, context)),
          list: async context =>
            (await directory.list(context)).map(directory.reference),
        };
        const network = networkOf(settings.network);
        const connections = new DefaultClusterConnections({
          store,
          network,
          onWarning: (message, details) => logger.warn(message, details),
        });
        const healthStore = new DatabaseHealthStore(database);
        const health = new DefaultHealthMonitor({
          store: healthStore,
          clusters: store,
          connections,
          announcer: new HealthAnnouncer({
            audit,
            auth,
            events,
            notifications: services.notifications,
            logger,
          }),
          logger,
        });
        const suspect = (cluster: string) => health.suspect(cluster);
        const cache: ResourceCache =
          settings.cacheWorkers === 0
            ? new InProcessResourceCache({ connections, suspect })
            : new WorkerResourceCache({
                access: store,
                workers: settings.cacheWorkers,
                settings: { network: settings.network },
                suspect,
                logger,
              });
        const identities = new MappedIdentities({
          impersonates: async id => (await store.get(id)).impersonates,
          userInfo: services.userInfo,
          mapping: settings.impersonation,
          now,
        });
        const asCaller = new ImpersonatingConnections({
          connections,
          identities,
        });
        const connectionsAs = new ImpersonatingConnections({
          connections,
          identities,
        });
        const cached = new CachedResourceClient({
          cache,
          live: new LiveResourceClient({ connections: connectionsAs }),
        });
        const ruled = new NarrowedResourceClient({
          client: cached,
          narrowing: new ClusterRules({
            identities,
            reviews: new AccessReviews({ connections, now }),
            reader: cached,
            system: await systemContext(auth),
          }),
        });
        const authorized = { access, clusters };
        const resources = new AuditedResourceClient({
          audit,
          clusters,
          client: new AuthorizedResourceClient({
            ...authorized,
            client: new NarrowedResourceClient({
              narrowing: new ResourceFilters({ filters, clusters }),
              client: new HookedResourceClient({
                hooks,
                clusters,
                logger,
                reader: ruled,
                writer: new AuthorizedResourceClient({
                  ...authorized,
                  client: ruled,
                }),
              }),
            }),
          }),
        });
        const logs = new AuditedPodLogs({
          audit,
          clusters,
          logs: new AuthorizedPodLogs({
            access,
            clusters,
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
            access,
            clusters,
            terminals: new LivePodTerminals({
              connections: asCaller,
              reader: resources,
            }),
          }),
        });
        const terminalStore = new DatabaseTerminalStore(database);
        const tickets = new TerminalTickets(terminalStore);
        const kinds = new CachedKindDirectory({ connections, now });
        const guard = new AccessChangeGuard({ access, clusters });
        const { resourceDefaults } = settings;
        const objects = new ObjectService({
          ...{ resources, clusters, kinds, guard, resourceDefaults },
        });
        const reader = new DeploymentReader({ resources, now });

        registerResourceTypes({
          registry: services.permissionsRegistry,
          clusters: async () => (await store.list()).map(directory.reference),
        });

        const contract = loadContract();
        const usage = new NodeUsage({ resources, now });
        const deploymentsOfServices = new ServiceDeployments({
          reader,
          catalog,
          clusters: directory,
          health,
        });
        const views = new ClusterViews({ resources, usage, now });
        const ofClusters = clusterHandlers({
          clusters: new ClusterService({
            store,
            directory,
            access,
            audit,
            checker: new ClusterChecker(network),
            cipher,
            dependents: new ClusterDependents({ catalog, auth }),
            health,
            events,
            logger,
          }),
          directory,
          health,
          contents: views,
        });
        const clusterTopics = new ClusterTopics({
          handlers: ofClusters,
          changes: [
            listener => store.onChange(listener),
            listener => health.onChange(listener),
          ],
        });
        const resourceTopics = new ResourceTopics(
          new DefaultLiveTopics({
            resources,
            services: deploymentsOfServices,
            usage,
            now,
          }),
        );
        const shutdown = new AbortController();
        const handlers: Handlers = {
          ...ofClusters,
          ...accessHandlers({ access, clusters }),
          ...cacheHandlers({ cache, access, clusters }),
          ...auditHandlers({ access, clusters, store: auditStore }),
          ...deploymentHandlers({
            reader,
            deployments: new DeploymentService({
              resources,
              reader,
              guard,
              waiter: new RolloutWaiter({
                resources,
                timeoutMs: settings.integrationTimeoutMs,
                now,
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
          ...objectHandlers({
            objects,
            reader: new ObjectReader({ resources, clusters, kinds }),
            actions: new ObjectActions({
              ...{ resources, objects, resourceDefaults, now },
            }),
          }),
          ...relatedHandlers({
            related: new RelatedObjects({ resources, kinds, access, clusters }),
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
              nodes: resourceTopics,
              namespaces: resourceTopics,
              deployments: resourceTopics,
              service: resourceTopics,
              resources: new TableTopic({ resources, kinds, clusters }),
            },
            access: new StreamAccess({
              access,
              clusters,
              services: deploymentsOfServices,
              logger,
            }),
            logger,
            shutdown: shutdown.signal,
          }),
          ...viewHandlers({ views }),
        };

        reportCacheMetrics({ cache, metrics: services.metrics, logger });
        const terminalServer = new TerminalServer({
          origins: allowedOrigins(config),
          ...{ auth, audit, tickets, terminals, logger },
          shutdown: shutdown.signal,
        });

        await store.start();
        await health.start();
        await events.subscribe({
          // An id of its own per instance: all of them want to hear.
          id: `clusters-${randomUUID()}`,
          topics: [CLUSTERS_TOPIC],
          onEvent: () => store.hint(),
        });
        // Before the server closes its connections: readers are told that this is no fault.
        services.rootLifecycle.addBeforeShutdownHook(async () => {
          shutdown.abort();
          await wait(FAREWELL_MS);
        });
        services.lifecycle.addShutdownHook(async () => {
          terminalServer.stop();
          cache.stop();
          kinds.stop();
          health.stop();
          store.stop();
          await connections.close();
        });
        await services.scheduler.scheduleTask({
          id: 'check-health',
          frequency: { seconds: HEALTH_INTERVAL_SECONDS },
          timeout: { minutes: 2 },
          fn: () => health.checkAll(),
        });
        await services.scheduler.scheduleTask({
          id: 'rotate-credentials',
          // At the start too, since that is when keys change; instances do not get in each other's way.
          scope: 'local',
          frequency: { hours: 1 },
          timeout: { minutes: 10 },
          fn: async signal => {
            await rotation.rotate({ signal });
          },
        });
        await services.scheduler.scheduleTask({
          id: 'forget-old-entries',
          frequency: { hours: 1 },
          timeout: { minutes: 10 },
          fn: async () => {
            await idempotencyStore.prune(DAY_MS);
            await auditStore.prune(settings.auditRetentionDays * DAY_MS);
            await healthStore.prune(HEALTH_HISTORY_DAYS * DAY_MS);
            await terminalStore.prune(DAY_MS);
          },
        });
        terminalServer.start();
        // Our router asks for credentials itself, so that refusals without any are audited too.
        for (const path of rootPaths(contract.operations)) {
          httpRouter.addAuthPolicy({ path, allow: 'unauthenticated' });
        }
        httpRouter.use(
          createRouter({
            contract,
            handlers: applyMiddleware(handlers, {
              middleware,
              operations: contract.operations,
            }),
            auth,
            httpAuth,
            audit,
            idempotency: new DefaultIdempotencyKeys({
              store: idempotencyStore,
              logger,
            }),
            logger,
            requestTimeoutMs: settings.integrationTimeoutMs + REQUEST_MARGIN_MS,
            validateAnswers: settings.validateAnswers,
          }),
        );
      },
    });
  },
});
