import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { findCluster } from './findCluster';
import { clusterInput, kindInput, objectInput, pathOf } from './inputs';
import type { OperationCalls } from './OperationCalls';

/** What every action is that only reads. */
const READING = { readOnly: true, destructive: false, idempotent: true };
/** Rows of a page when nobody says; what reads them has limits too. */
const DEFAULT_ROWS = 50;
const MOST_ROWS = 500;
/** Of each kind. */
const DEFAULT_FOUND = 10;

/** Actions that read and explain. */
export function registerReadActions(
  registry: ActionsRegistryService,
  calls: OperationCalls,
): void {
  registry.register({
    name: 'list-clusters',
    title: 'List Kubernetes clusters',
    description:
      'Lists the Kubernetes clusters that the caller may see, with their health and the reason when they are not healthy.',
    attributes: READING,
    schema: {
      input: z =>
        z
          .object({
            labelSelector: z
              .string()
              .optional()
              .describe('e.g. environment=production; absent: all'),
          })
          .strict(),
      output: z =>
        z.object({
          clusters: z.array(
            z.object({
              id: z.string(),
              name: z.string(),
              status: z.string(),
              statusReason: z.string().optional(),
              version: z.string().optional(),
              owner: z.string().optional(),
              labels: z.record(z.string()),
            }),
          ),
        }),
    },
    action: async ({ input, credentials }) => {
      const { clusters } = await calls.call(
        'listClusters',
        { query: { labelSelector: input.labelSelector } },
        credentials,
      );
      return { output: { clusters } };
    },
  });

  registry.register({
    name: 'list-resources',
    title: 'List Kubernetes objects',
    description:
      'Lists one page of the objects of any kind in a cluster, custom resources included, as rows with the columns of the kind.',
    attributes: READING,
    schema: {
      input: z =>
        z
          .object({
            ...kindInput(z),
            namespace: z.string().optional().describe('Absent: all'),
            labelSelector: z.string().optional(),
            search: z
              .string()
              .optional()
              .describe('Text that a row has to hold'),
            limit: z
              .number()
              .int()
              .min(1)
              .max(MOST_ROWS)
              .default(DEFAULT_ROWS)
              .describe('Rows of the page'),
            continue: z
              .string()
              .optional()
              .describe('The token of the page before'),
          })
          .strict(),
      output: z =>
        z.object({
          columns: z.array(z.record(z.unknown())),
          rows: z.array(z.record(z.unknown())),
          total: z.unknown().describe('How many there are on all pages'),
          continue: z.string().optional().describe('Token of the next page'),
          cache: z.record(z.unknown()).describe('How fresh the rows are'),
        }),
    },
    action: async ({ input, credentials }) => {
      const { cluster, group, plural, ...query } = input;
      const id = await findCluster(calls, cluster, credentials);
      const page = await calls.call(
        'listResources',
        { path: { id, group, plural }, query },
        credentials,
      );
      // The contract says what it is; the registry checks it.
      return { output: page as never };
    },
  });

  registry.register({
    name: 'search-objects',
    title: 'Find Kubernetes objects on all clusters',
    description:
      'Finds workloads, pods, Services, Ingresses, Namespaces, nodes, ConfigMaps and more on all clusters by a part of their name, of a container image, or by a label, the best matches first, grouped by kind. Secrets are found by their names only.',
    attributes: READING,
    schema: {
      input: z =>
        z
          .object({
            text: z
              .string()
              .describe(
                'Part of a name, an image or a label value, or a label as in app=payments',
              ),
            kinds: z
              .array(z.string())
              .min(1)
              .optional()
              .describe('e.g. deployments.apps or pods; absent: all'),
            clusters: z
              .string()
              .optional()
              .describe('Label selector of clusters; absent: all'),
            limit: z
              .number()
              .int()
              .min(1)
              .max(MOST_ROWS)
              .default(DEFAULT_FOUND)
              .describe('Objects of each kind'),
          })
          .strict(),
      output: z =>
        z.object({
          groups: z.array(z.record(z.unknown())),
          total: z.number(),
          clusters: z
            .array(z.record(z.unknown()))
            .describe('Names by id, and how fresh the answer of each is'),
          errors: z.array(z.record(z.unknown())),
        }),
    },
    action: async ({ input, credentials }) => {
      const { text, kinds, clusters, limit } = input;
      const found = await calls.call(
        'searchObjects',
        {
          query: { q: text, kinds: kinds?.join(','), cluster: clusters, limit },
        },
        credentials,
      );
      // The contract says what it is; the registry checks it.
      return { output: found as never };
    },
  });

  registry.register({
    name: 'get-resource',
    title: 'Get a Kubernetes object',
    description:
      'Gives one object of any kind, whole, with who owns which of its fields. Values of Secrets are never given.',
    attributes: READING,
    schema: {
      input: z => z.object(objectInput(z)).strict(),
      output: z =>
        z.object({
          object: z.record(z.unknown()),
          owners: z.array(z.record(z.unknown())),
          cache: z.record(z.unknown()).describe('How fresh it is'),
        }),
    },
    action: async ({ input, credentials }) => {
      const id = await findCluster(calls, input.cluster, credentials);
      const { object, owners, cache } = await calls.call(
        'getResource',
        { path: pathOf(input, id) },
        credentials,
      );
      return { output: { object, owners: [...owners], cache: { ...cache } } };
    },
  });

  registry.register({
    name: 'explain-deployment',
    title: 'Explain a Kubernetes deployment',
    description:
      'Says how a deployment does: the state of its rollout, why it is stuck and what to do, its pods, its last events and its revisions.',
    attributes: READING,
    schema: {
      input: z =>
        z
          .object({
            ...clusterInput(z),
            namespace: z.string(),
            name: z.string(),
          })
          .strict(),
      output: z =>
        z.object({
          state: z
            .string()
            .describe('complete, progressing, stuck, paused or scaledDown'),
          reason: z.string().optional().describe('Why it is not ready'),
          advice: z.string().optional().describe('What to do next'),
          replicas: z.number().describe('Desired'),
          ready: z.number(),
          containers: z.array(z.record(z.unknown())),
          pods: z.array(z.record(z.unknown())),
          events: z.array(z.record(z.unknown())),
          revisions: z.array(z.record(z.unknown())),
          cache: z.record(z.unknown()).describe('How fresh it is'),
        }),
    },
    action: async ({ input, credentials }) => {
      const { cluster, namespace, name } = input;
      const id = await findCluster(calls, cluster, credentials);
      const { rollout, replicas, ready, ...detail } = await calls.call(
        'getDeployment',
        { path: { id, namespace, name } },
        credentials,
      );
      const { state, reason, advice } = rollout;
      const { containers, pods, events, revisions, cache } = detail;
      return {
        output: {
          ...{ state, reason, advice, replicas, ready },
          containers: [...containers],
          pods: [...pods],
          events: [...events],
          revisions: [...revisions],
          cache: { ...cache },
        },
      };
    },
  });
}
