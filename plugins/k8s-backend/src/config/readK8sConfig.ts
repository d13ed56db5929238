import { availableParallelism, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  K8S_ROLES,
  keptHistoryOf,
  parseQuantity,
} from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import { z } from 'zod';
import type { NetworkSettings } from '../connection/networkOf';
import type { ProxySettings } from '../connection/ProxyTunnel';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const GRANTED_ROLES = K8S_ROLES.filter(role => role !== 'K8sClusterOwner');

/** An address of a host alone: what else is in it would be silently left out, or end up in messages. */
function isProxyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    ['http:', 'https:'].includes(url.protocol) &&
    !url.username &&
    !url.password &&
    url.pathname === '/' &&
    !/[?#]/.test(text)
  );
}

const quantity = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine(text => (parseQuantity(text) ?? -1) > 0, {
    message: 'has to be a quantity of Kubernetes above 0, e.g. 100m or 256Mi',
  });

const proxy = z
  .strictObject({
    url: z.string().refine(isProxyUrl, {
      message:
        'has to be like http://proxy.example.com:3128, without user and password',
    }),
    username: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    direct: z.array(z.string()).default([]),
  })
  .refine(({ username, password }) => !username === !password, {
    message: 'needs both username and password, or none of them',
  });

/** Less would let go of kinds before they are read. */
const LEAST_CACHE_BYTES = 16 * 1024 * 1024;

const prefix = z.string().regex(/^(?!system:)[\x21-\x7e]*$/i, {
  message: 'has to be printable characters, and not begin with system:',
});

/** Each is a watch in every cluster, for as long as the portal runs. */
const MOST_HISTORY_KINDS = 20;

/** A kind as rules of permissions have it: of the core group the plural alone. */
const kindWithHistory = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*$/, {
    message: 'has to be a kind like deployments.apps or configmaps',
  })
  .transform((text): ResourceType => {
    const [plural, ...group] = text.split('.');
    return { plural, group: group.join('.') };
  })
  .refine(type => keptHistoryOf(type) !== 'none', {
    message:
      'names a kind that has no history, since its objects change all the time by themselves',
  });

const schema = z.object({
  permission: z
    .object({
      services: z
        .array(
          z.strictObject({
            subject: z.string().min(1),
            role: z.enum(GRANTED_ROLES as [string, ...string[]]),
            clusters: z
              .strictObject({ matchLabels: z.record(z.string(), z.string()) })
              .optional(),
          }),
        )
        .default([]),
    })
    .prefault({}),
  integration: z
    .object({ timeout: z.number().min(1).max(600).default(30) })
    .prefault({}),
  resource: z
    .object({
      defaults: z
        .strictObject({
          cpu: quantity.default('100m'),
          memory: quantity.default('256Mi'),
        })
        .prefault({}),
    })
    .prefault({}),
  logging: z.object({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
  addresses: z
    .object({
      allow: z.array(z.string()).default([]),
      proxy: proxy.optional(),
    })
    .prefault({}),
  cache: z
    .object({
      workers: z.number().int().min(0).max(64).optional(),
      memory: quantity
        .transform(text => Math.floor(parseQuantity(text) ?? 0))
        .refine(bytes => bytes >= LEAST_CACHE_BYTES, {
          message: 'has to be at least 16Mi',
        })
        .optional(),
    })
    .prefault({}),
  events: z
    .object({ retentionDays: z.number().int().min(0).max(365).default(7) })
    .prefault({}),
  history: z
    .object({
      retentionDays: z.number().int().min(0).max(365).default(7),
      kinds: z.array(kindWithHistory).max(MOST_HISTORY_KINDS).default([]),
    })
    .prefault({}),
  impersonation: z
    .strictObject({
      userPrefix: prefix.default('backstage:'),
      groupPrefix: prefix.default('backstage:'),
    })
    .prefault({}),
  audit: z
    .object({ retentionDays: z.number().int().min(1).max(36500).default(365) })
    .prefault({}),
});

/** A level of the log; what is below it is not logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A service that may use the API. */
export interface ServiceGrant {
  /** As Backstage calls it, e.g. `plugin:scaffolder` or `external:ci`. */
  subject: string;
  role: 'K8sViewer' | 'K8sOperator' | 'K8sAdmin';
  /** Labels that a cluster must have; absent: all clusters. */
  matchLabels?: Record<string, string>;
}

/** The keys below `k8s` that the edge reads, with their defaults. */
export interface K8sConfig {
  /** Whether Backstage asks a permission policy at all. */
  permissionEnabled: boolean;
  services: ServiceGrant[];
  /** How long a rollout is waited for. */
  integrationTimeoutMs: number;
  /** Requests put on containers that name none. */
  resourceDefaults: { cpu: string; memory: string };
  logLevel: LogLevel;
  auditRetentionDays: number;
  /** 0: events are not kept. */
  eventRetentionDays: number;
  /** 0: changes of objects are not recorded. */
  historyRetentionDays: number;
  /** Kinds whose changes are recorded whether or not somebody looks at them; none while nothing is recorded. */
  historyKinds: ResourceType[];
  /** How callers are called on clusters in impersonation mode. */
  impersonation: { userPrefix: string; groupPrefix: string };
  /** Threads that keep what is in clusters; 0: none besides the main one. */
  cacheWorkers: number;
  /** What they may hold together. */
  cacheMemoryBytes: number;
  /** How API servers are reached. */
  network: NetworkSettings;
  /** Whether answers are checked against the contract; everywhere but in production. */
  validateAnswers: boolean;
  /** Where the starter of the development portal tells how far its clusters are; absent everywhere else. */
  developmentClustersFile?: string;
}

/** One core is left to requests; more than four threads have nothing to do for the clusters that one back end can serve. */
function defaultWorkers(): number {
  return Math.max(1, Math.min(4, availableParallelism() - 1));
}

/**
 * Half of the memory that the process may have, and of the heap that a thread may have: rows are on the heap, one thread may have
 * all of them, and reading takes as much again for moments.
 */
function defaultCacheBytes(): number {
  const machine = totalmem();
  // 0 or more than there is: no limit is set.
  const limit = process.constrainedMemory() || machine;
  const heap = getHeapStatistics().heap_size_limit;
  return Math.max(
    LEAST_CACHE_BYTES,
    Math.floor(Math.min(machine, limit, heap) / 2),
  );
}

function proxySettings({
  url,
  username,
  password,
  direct,
}: z.infer<typeof proxy>): ProxySettings {
  const credentials = username && password && { username, password };
  return { url, direct, ...(credentials && { credentials }) };
}

/**
 * Reads and checks the configuration.
 *
 * @throws InputError that names the key
 */
export function readK8sConfig(config: RootConfigService): K8sConfig {
  const result = schema.safeParse(config.getOptional('k8s') ?? {});
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new InputError(
      `The configuration key k8s.${issue.path.join('.')} ${issue.message}`,
    );
  }
  const {
    permission,
    integration,
    resource,
    logging,
    audit,
    addresses,
    cache,
    history,
  } = result.data;
  const { NODE_ENV, K8S_DEMO_CLUSTERS_FILE } = process.env;
  return {
    permissionEnabled: config.getOptionalBoolean('permission.enabled') ?? false,
    services: permission.services.map(({ subject, role, clusters }) => ({
      subject,
      role: role as ServiceGrant['role'],
      matchLabels: clusters?.matchLabels,
    })),
    integrationTimeoutMs: integration.timeout * 1000,
    resourceDefaults: resource.defaults,
    logLevel: logging.level,
    auditRetentionDays: audit.retentionDays,
    eventRetentionDays: result.data.events.retentionDays,
    historyRetentionDays: history.retentionDays,
    historyKinds: history.retentionDays === 0 ? [] : history.kinds,
    impersonation: result.data.impersonation,
    cacheWorkers: cache.workers ?? defaultWorkers(),
    cacheMemoryBytes: cache.memory ?? defaultCacheBytes(),
    network: {
      allow: addresses.allow,
      proxy: addresses.proxy && proxySettings(addresses.proxy),
    },
    validateAnswers: NODE_ENV !== 'production',
    developmentClustersFile:
      NODE_ENV === 'development' ? K8S_DEMO_CLUSTERS_FILE : undefined,
  };
}
