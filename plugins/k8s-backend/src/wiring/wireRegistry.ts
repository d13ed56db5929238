import type { ClusterAuthenticationStrategy } from '@backstage-k8s/plugin-k8s-node';
import { PermissionsAccessControl } from '../access/PermissionsAccessControl';
import type { VisibleClusters } from '../access/VisibleClusters';
import { DatabaseAuditStore } from '../audit/DatabaseAuditStore';
import { AuditFeed } from '../audit/AuditFeed';
import { DefaultAuditLog } from '../audit/DefaultAuditLog';
import { ClusterAuthentications } from '../authentication/ClusterAuthentications';
import { StrategyAccessSource } from '../authentication/StrategyAccessSource';
import { CachedClusterStore } from '../clusters/CachedClusterStore';
import { CredentialCipher } from '../clusters/CredentialCipher';
import { CredentialRotation } from '../clusters/CredentialRotation';
import { DatabaseClusterStore } from '../clusters/DatabaseClusterStore';
import { DefaultClusterDirectory } from '../clusters/DefaultClusterDirectory';
import { readEncryptionKeys } from '../clusters/readEncryptionKeys';
import { DefaultClusterConnections } from '../connection/DefaultClusterConnections';
import { networkOf } from '../connection/networkOf';
import { DatabaseHealthStore } from '../health/DatabaseHealthStore';
import { DefaultHealthMonitor } from '../health/DefaultHealthMonitor';
import { HealthAnnouncer } from '../health/HealthAnnouncer';
import { DatabaseIdempotencyStore } from '../idempotency/DatabaseIdempotencyStore';
import { DefaultIdempotencyKeys } from '../idempotency/DefaultIdempotencyKeys';
import type { PluginServices } from './PluginServices';

/** Milliseconds that answers of requests with an `Idempotency-Key` are kept. */
const IDEMPOTENCY_KEPT_MS = 24 * 60 * 60 * 1000;

/** Who may what, what is kept of it, and the clusters that are registered. */
export function wireRegistry(
  services: PluginServices & {
    strategies: readonly ClusterAuthenticationStrategy[];
  },
) {
  const { auditor, auth, config, database, events, logger, settings } =
    services;
  const { notifications, permissions } = services;
  const access = new PermissionsAccessControl({
    auth,
    permissions: permissions,
    permissionEnabled: settings.permissionEnabled,
    services: settings.services,
    logger,
  });
  const auditStore = new DatabaseAuditStore(database);
  const auditFeed = new AuditFeed({ store: auditStore, events, logger });
  const audit = new DefaultAuditLog({
    store: auditFeed.noting(auditStore),
    auditor,
    logger,
  });
  const idempotencyStore = new DatabaseIdempotencyStore({
    database,
    keepMs: IDEMPOTENCY_KEPT_MS,
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
  const authentications = new ClusterAuthentications({
    strategies: services.strategies,
    logger,
    now: services.now,
  });
  const accessSource = new StrategyAccessSource({ store, authentications });
  const connections = new DefaultClusterConnections({
    store: accessSource,
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
      notifications: notifications,
      logger,
    }),
    logger,
  });
  return {
    access,
    accessSource,
    audit,
    auditFeed,
    auditStore,
    authentications,
    cipher,
    clusters,
    connections,
    directory,
    health,
    healthStore,
    idempotency: new DefaultIdempotencyKeys({
      store: idempotencyStore,
      logger,
    }),
    idempotencyStore,
    network,
    rotation,
    store,
  };
}

/** What {@link wireRegistry} makes. */
export type Registry = ReturnType<typeof wireRegistry>;
