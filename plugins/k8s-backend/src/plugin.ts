/**
 * The wiring: the only place that knows which class implements what.
 */
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { NotFoundError, NotImplementedError } from '@backstage/errors';
import { accessHandlers } from './access/accessHandlers';
import { PermissionsAccessControl } from './access/PermissionsAccessControl';
import { registerResourceTypes } from './access/registerResourceTypes';
import type { VisibleClusters } from './access/VisibleClusters';
import { auditHandlers } from './audit/auditHandlers';
import { DatabaseAuditStore } from './audit/DatabaseAuditStore';
import { DefaultAuditLog } from './audit/DefaultAuditLog';
import { LevelLogger } from './config/LevelLogger';
import { readK8sConfig } from './config/readK8sConfig';
import { openDatabase } from './database/openDatabase';
import { DatabaseIdempotencyStore } from './idempotency/DatabaseIdempotencyStore';
import { DefaultIdempotencyKeys } from './idempotency/DefaultIdempotencyKeys';
import { loadContract } from './router/Contract';
import { createRouter } from './router/createRouter';
import type { Handlers } from './router/Handlers';
import { rootPaths } from './router/RouteTable';
import { readDevelopmentClusters } from './status/readDevelopmentClusters';
import { statusHandlers } from './status/statusHandlers';

const DAY_MS = 24 * 60 * 60 * 1000;
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
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        rootLogger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ config, rootLogger, httpRouter, auth, httpAuth, ...core }) {
        const settings = readK8sConfig(config);
        const logger = new LevelLogger(rootLogger, settings.logLevel);
        const database = await openDatabase({
          database: core.database,
          logger,
        });
        const access = new PermissionsAccessControl({
          auth,
          permissions: core.permissions,
          permissionEnabled: settings.permissionEnabled,
          services: settings.services,
        });
        const auditStore = new DatabaseAuditStore(database);
        const audit = new DefaultAuditLog({
          store: auditStore,
          auditor: core.auditor,
          logger,
        });
        const idempotencyStore = new DatabaseIdempotencyStore({
          database,
          keepMs: DAY_MS,
        });
        const clusters: VisibleClusters = {
          get: async id => {
            throw new NotFoundError(`There is no cluster ${id}`);
          },
          list: async () => [],
        };
        registerResourceTypes({
          registry: core.permissionsRegistry,
          clusters: async () => [],
        });
        await core.scheduler.scheduleTask({
          id: 'forget-old-entries',
          frequency: { hours: 1 },
          timeout: { minutes: 10 },
          fn: async () => {
            await idempotencyStore.prune(DAY_MS);
            await auditStore.prune(settings.auditRetentionDays * DAY_MS);
          },
        });
        const contract = loadContract();
        const demoClusters =
          process.env.NODE_ENV === 'development'
            ? process.env.K8S_DEMO_CLUSTERS_FILE
            : undefined;
        const missing = Object.fromEntries(
          contract.operations.map(({ id }) => [
            id,
            async () => {
              throw new NotImplementedError(`${id} is not there yet`);
            },
          ]),
        ) as unknown as Handlers;
        const handlers: Handlers = {
          ...missing,
          ...accessHandlers({ access, clusters }),
          ...auditHandlers({ access, clusters, store: auditStore }),
          ...statusHandlers({
            permissionEnabled: settings.permissionEnabled,
            encryptionConfigured: config.has('k8s.encryption.keys'),
            developmentClusters: () =>
              readDevelopmentClusters(demoClusters, { logger }),
          }),
        };
        // Our router asks for credentials itself, so that refusals without any are audited too.
        for (const root of rootPaths(contract.operations)) {
          httpRouter.addAuthPolicy({ path: root, allow: 'unauthenticated' });
        }
        httpRouter.use(
          createRouter({
            contract,
            handlers,
            auth,
            httpAuth,
            audit,
            idempotency: new DefaultIdempotencyKeys({
              store: idempotencyStore,
              logger,
            }),
            logger,
            requestTimeoutMs: settings.integrationTimeoutMs + REQUEST_MARGIN_MS,
            validateAnswers: process.env.NODE_ENV !== 'production',
          }),
        );
      },
    });
  },
});
