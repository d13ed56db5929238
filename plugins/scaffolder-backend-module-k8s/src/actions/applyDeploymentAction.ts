import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { findCluster } from '../client/findCluster';
import type { K8sClients } from '../client/K8sClients';
import { applyDeploymentExamples } from './applyDeploymentAction.examples';
import { applyManifest } from './applyManifest';
import { logPlan, OUTPUT_SCHEMA, putChange } from './outputs';
import { readManifest } from './readManifest';
import { rolloutOutcome } from './rolloutOutcome';

const DEPLOYMENTS = {
  group: 'apps',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
};
const API_VERSION = 'apps/v1';
/** Seconds that a rollout is waited for when the step does not say. */
const TIMEOUT_SECONDS = 60;
/** Seconds; a task that waits longer looks like one that hangs. */
const LONGEST_SECONDS = 600;
/** Milliseconds between two looks at a rollout. */
const POLL_MS = 2_000;

/**
 * Applies a deployment and waits for its rollout.
 *
 * @param options - `pollMs`: between two looks at a rollout; default 2000
 */
export function createApplyDeploymentAction(options: {
  clients: K8sClients;
  pollMs?: number;
}) {
  const { clients, pollMs = POLL_MS } = options;
  return createTemplateAction({
    id: 'k8s:deployment:apply',
    description:
      'Applies a deployment to a cluster and waits for its rollout, as who runs the template',
    examples: applyDeploymentExamples,
    supportsDryRun: true,
    schema: {
      input: {
        cluster: z => z.string().describe('Id or name of the cluster'),
        manifest: z =>
          z
            .union([z.string(), z.record(z.unknown())])
            .describe(
              'The whole apps/v1 Deployment, as YAML text or an object',
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
        timeoutSeconds: z =>
          z
            .number()
            .int()
            .min(0)
            .max(LONGEST_SECONDS)
            .optional()
            .describe(
              `Seconds that the rollout is waited for, default ${TIMEOUT_SECONDS}; 0: not at all`,
            ),
      },
      output: {
        ...OUTPUT_SCHEMA,
        reason: z =>
          z
            .string()
            .optional()
            .describe('Why it is still pending, in words; absent: unknown'),
      },
    },
    async handler(ctx) {
      const { input, logger, signal } = ctx;
      const manifest = readManifest(input.manifest, input);
      if (
        manifest.kind !== DEPLOYMENTS.kind ||
        manifest.apiVersion !== API_VERSION
      ) {
        throw new InputError(
          `The manifest is a ${manifest.kind} of ${manifest.apiVersion}, not a Deployment of ${API_VERSION}; k8s:resource:apply takes any kind`,
        );
      }
      const client = await clients.as(await ctx.getInitiatorCredentials(), {
        signal,
      });
      const cluster = await findCluster(client, input.cluster);
      const change = await applyManifest(client, manifest, {
        ...{ cluster, kind: DEPLOYMENTS, ctx },
        force: input.force,
      });
      logPlan(logger, change.plan);
      const { name, namespace, resourceVersion } = change;
      if (change.status === 'planned' || namespace === undefined) {
        putChange(ctx.output, { ...change, clusterId: cluster.id });
        return;
      }
      const { status, rollout } = await rolloutOutcome(
        client,
        { id: cluster.id, namespace, name, resourceVersion },
        {
          ...{ pollMs, signal },
          timeoutMs: (input.timeoutSeconds ?? TIMEOUT_SECONDS) * 1000,
        },
      );
      const why = [rollout.reason, rollout.advice].filter(Boolean).join(' ');
      const place = `Deployment ${name} in ${namespace} of ${cluster.name}`;
      if (status === 'pending' && rollout.state === 'stuck') {
        throw new Error(`${place} was applied but does not start: ${why}`);
      }
      logger.info(`${place}: ${status}${why && `. ${why}`}`);
      putChange(ctx.output, { ...change, clusterId: cluster.id, status });
      if (rollout.reason) ctx.output('reason', rollout.reason);
    },
  });
}
