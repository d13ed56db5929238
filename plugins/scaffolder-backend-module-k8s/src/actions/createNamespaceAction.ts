import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { K8sClient, Schema } from '@backstage-k8s/plugin-k8s-common';
import { dataOf } from '../client/dataOf';
import { findCluster } from '../client/findCluster';
import type { K8sClients } from '../client/K8sClients';
import { createNamespaceExamples } from './createNamespaceAction.examples';
import { logPlan, OUTPUT_SCHEMA, putChange } from './outputs';
import { requestKey } from './requestKey';

/** The namespace as it is; undefined when there is none that the caller may see. */
async function findNamespace(
  client: K8sClient,
  place: { id: string; name: string },
): Promise<Schema<'Namespace'> | undefined> {
  const { namespaces } = dataOf(
    await client.GET('/clusters/{id}/namespaces', {
      params: { path: { id: place.id } },
    }),
  );
  return namespaces.find(({ name }) => name === place.name);
}

/** Creates a namespace. */
export function createNamespaceAction(options: { clients: K8sClients }) {
  return createTemplateAction({
    id: 'k8s:namespace:create',
    description: 'Creates a namespace in a cluster, as who runs the template',
    examples: createNamespaceExamples,
    supportsDryRun: true,
    schema: {
      input: {
        cluster: z => z.string().describe('Id or name of the cluster'),
        name: z => z.string().describe('Name of the namespace'),
        labels: z =>
          z
            .record(z.string())
            .optional()
            .describe('Labels of the namespace; none by default'),
        allowExisting: z =>
          z
            .boolean()
            .optional()
            .describe(
              'Whether a namespace that exists is left as it is, with status `exists`, instead of failing; default false',
            ),
      },
      output: OUTPUT_SCHEMA,
    },
    async handler(ctx) {
      const { input, isDryRun, logger, signal } = ctx;
      const { allowExisting, labels, name } = input;
      const client = await options.clients.as(
        await ctx.getInitiatorCredentials(),
        { signal },
      );
      const cluster = await findCluster(client, input.cluster);
      const path = { id: cluster.id };
      if (allowExisting && (await findNamespace(client, { ...path, name }))) {
        logger.info(`Namespace ${name} is in ${cluster.name} already`);
        putChange(ctx.output, {
          ...{ clusterId: cluster.id, name },
          status: 'exists',
        });
        return;
      }
      const body = { name, ...(labels && { labels }) };
      const change = dataOf(
        await client.POST('/clusters/{id}/namespaces', {
          params: {
            path,
            query: { dryRun: isDryRun === true },
            header: { 'Idempotency-Key': requestKey(ctx, [path, body]) },
          },
          body,
        }),
      );
      logPlan(logger, change.plan);
      logger.info(`Namespace ${name} in ${cluster.name}: ${change.status}`);
      putChange(ctx.output, { ...change, clusterId: cluster.id });
    },
  });
}
