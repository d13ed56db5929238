/**
 * The plugin: what it needs of Backstage, what modules add to it, when it starts, what it does by itself and how it ends. Which class
 * implements what is known here and in `wiring/` only.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  metricsServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import {
  k8sApiMiddlewareExtensionPoint,
  k8sClusterAuthenticationExtensionPoint,
  k8sResourceFiltersExtensionPoint,
  k8sResourceHooksExtensionPoint,
} from '@backstage-k8s/plugin-k8s-node';
import type {
  ApiMiddleware,
  ClusterAuthenticationStrategy,
  ResourceFilter,
  ResourceHook,
} from '@backstage-k8s/plugin-k8s-node';
import { registerResourceTypes } from './access/registerResourceTypes';
import { AUDIT_TOPIC } from './audit/AuditFeed';
import { registerActions } from './actions/registerActions';
import { reportCacheMetrics } from './cache/reportCacheMetrics';
import { reportCallMetrics } from './cache/reportCallMetrics';
import { CLUSTERS_TOPIC } from './clusters/ClusterService';
import { LevelLogger } from './config/LevelLogger';
import { readK8sConfig } from './config/readK8sConfig';
import { openDatabase } from './database/openDatabase';
import { applyMiddleware } from './extensions/applyMiddleware';
import { reportHistoryMetrics } from './history/reportHistoryMetrics';
import { loadContract } from './router/Contract';
import { createRouter } from './router/createRouter';
import { rootPaths } from './router/RouteTable';
import { allowedOrigins } from './terminal/allowedOrigins';
import { TerminalServer } from './terminal/TerminalServer';
import type { PluginServices } from './wiring/PluginServices';
import { wireHandlers } from './wiring/wireHandlers';
import { wireRegistry } from './wiring/wireRegistry';
import { wireResources } from './wiring/wireResources';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Seconds between two checks of a cluster's health. */
const HEALTH_INTERVAL_SECONDS = 10;
/** Seconds between two looks for new events of clusters; they stay in a cluster for an hour. */
const EVENTS_INTERVAL_SECONDS = 60;
/** Seconds between two looks that the kinds whose history is always kept are read; new clusters wait so long for theirs. */
const HISTORY_INTERVAL_SECONDS = 60;
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
    const strategies: ClusterAuthenticationStrategy[] = [];
    env.registerExtensionPoint(k8sResourceFiltersExtensionPoint, {
      addFilter: filter => void filters.push(filter),
    });
    env.registerExtensionPoint(k8sResourceHooksExtensionPoint, {
      addHook: hook => void hooks.push(hook),
    });
    env.registerExtensionPoint(k8sApiMiddlewareExtensionPoint, {
      addMiddleware: link => void middleware.push(link),
    });
    env.registerExtensionPoint(k8sClusterAuthenticationExtensionPoint, {
      addStrategy: strategy => void strategies.push(strategy),
    });
    env.registerInit({
      deps: {
        actions: actionsRegistryServiceRef,
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
        const shared: PluginServices = {
          ...{ auditor, auth, catalog, config, events, logger, settings },
          database: await openDatabase({
            database: services.databaseService,
            logger,
          }),
          notifications: services.notifications,
          permissions: services.permissions,
          userInfo: services.userInfo,
          now: () => Date.now(),
        };
        const registry = wireRegistry({ ...shared, strategies });
        const layers = await wireResources(registry, {
          ...shared,
          filters,
          hooks,
        });
        const shutdown = new AbortController();
        const contract = loadContract();
        const handlers = wireHandlers(registry, layers, {
          ...shared,
          shutdown,
          wrap: some =>
            applyMiddleware(some, {
              middleware,
              operations: contract.operations,
            }),
        });
        const { audit, auditFeed, auditStore } = registry;
        const { connections, directory, health } = registry;
        const { healthStore, idempotency, idempotencyStore, rotation, store } =
          registry;
        const {
          cache,
          eventStore,
          history,
          historyFollower,
          historyStore,
          recorder,
          kinds,
          terminals,
          terminalStore,
          tickets,
        } = layers;

        registerResourceTypes({
          registry: services.permissionsRegistry,
          clusters: async () => (await store.list()).map(directory.reference),
        });
        const calls = () => connections.calls();
        const { metrics } = services;
        reportCacheMetrics({ cache, metrics, logger });
        reportCallMetrics({ ...{ cache, calls, metrics, logger } });
        reportHistoryMetrics({ history, metrics });
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
        await events.subscribe({
          id: `audit-${randomUUID()}`,
          topics: [AUDIT_TOPIC],
          onEvent: ({ eventPayload }) => auditFeed.hear(eventPayload),
        });
        // Before the server closes its connections: readers are told that this is no fault.
        services.rootLifecycle.addBeforeShutdownHook(async () => {
          shutdown.abort();
          await wait(FAREWELL_MS);
        });
        services.lifecycle.addShutdownHook(async () => {
          terminalServer.stop();
          auditFeed.stop();
          cache.stop();
          await history.stop();
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
        if (settings.eventRetentionDays > 0) {
          await services.scheduler.scheduleTask({
            id: 'record-events',
            frequency: { seconds: EVENTS_INTERVAL_SECONDS },
            timeout: { minutes: 5 },
            fn: () => recorder.record(),
          });
        }
        if (settings.historyRetentionDays > 0) history.start(cache);
        if (settings.historyKinds.length > 0) {
          await services.scheduler.scheduleTask({
            id: 'follow-history',
            // Each instance, so that none has to begin when another one ends.
            scope: 'local',
            frequency: { seconds: HISTORY_INTERVAL_SECONDS },
            timeout: { minutes: 5 },
            fn: signal => historyFollower.follow({ signal }),
          });
        }
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
            await eventStore.prune(settings.eventRetentionDays * DAY_MS);
            await historyStore.prune(settings.historyRetentionDays * DAY_MS);
          },
        });
        terminalServer.start();
        const requestTimeoutMs =
          settings.integrationTimeoutMs + REQUEST_MARGIN_MS;
        registerActions(services.actions, {
          ...{ contract, auth, audit, logger },
          handlers,
          timeoutMs: requestTimeoutMs,
        });
        // Our router asks for credentials itself, so that refusals without any are audited too.
        for (const path of rootPaths(contract.operations)) {
          httpRouter.addAuthPolicy({ path, allow: 'unauthenticated' });
        }
        httpRouter.use(
          createRouter({
            contract,
            handlers,
            auth,
            httpAuth,
            audit,
            idempotency,
            logger,
            requestTimeoutMs,
            validateAnswers: settings.validateAnswers,
          }),
        );
      },
    });
  },
});
