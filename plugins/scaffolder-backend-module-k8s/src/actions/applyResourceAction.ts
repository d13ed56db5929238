import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { findCluster } from '../client/findCluster';
import { findKind } from '../client/findKind';
import type { K8sClients } from '../client/K8sClients';
import { applyManifest } from './applyManifest';
import { applyResourceExamples } from './applyResourceAction.examples';
import { logPlan, OUTPUT_SCHEMA, putChange } from './outputs';
import { readManifest } from './readManifest';

/** Applies an object of any kind. */
export function createApplyResourceAction(options: { clients: K8sClients }) {
  return createTemplateAction({
    id: 'k8s:resource:apply',
    description:
      'Applies an object of any kind to a cluster, custom resources included, as who runs the template',
    examples: applyResourceExamples,
    supportsDryRun: true,
    schema: {
      input: {
        cluster: z => z.string().describe('Id or name of the cluster'),
        manifest: z =>
          z
            .union([z.string(), z.record(z.unknown())])
            .describe(
              'The whole object, as YAML text or an object; what it leaves out and the portal owned is removed',
            ),
        namespace: z =>
          z
            .string()
            .optional()
            .describe('Where it goes when the manifest does not say so'),
        force: z =>
          z
            .boolean()
            .optional()
            .describe(
              'Whether fields are taken over from who owns them, instead of failing; default false',
            ),
      },
      output: OUTPUT_SCHEMA,
    },
    async handler(ctx) {
      const { input, logger, signal } = ctx;
      const manifest = readManifest(input.manifest, input);
      const client = await options.clients.as(
        await ctx.getInitiatorCredentials(),
        { signal },
      );
      const cluster = await findCluster(client, input.cluster);
      const kind = await findKind(client, manifest, { cluster });
      const change = await applyManifest(client, manifest, {
        ...{ cluster, kind, ctx },
        force: input.force,
      });
      logPlan(logger, change.plan);
      for (const { path, owner } of change.conflicts ?? []) {
        logger.warn(`${path} is owned by ${owner}; it takes \`force\``);
      }
      const place = change.namespace
        ? `${change.namespace} of ${cluster.name}`
        : cluster.name;
      logger.info(`${kind.kind} ${change.name} in ${place}: ${change.status}`);
      putChange(ctx.output, { ...change, clusterId: cluster.id });
    },
  });
}
