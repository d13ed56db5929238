import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { findCluster } from './findCluster';
import { dryRunInput, objectInput, pathOf } from './inputs';
import type { RegistryZod } from './inputs';
import type { OperationCalls } from './OperationCalls';

const manifestInput = (zod: RegistryZod) => ({
  manifest: zod
    .object({
      apiVersion: zod.string(),
      kind: zod.string(),
      metadata: zod.record(zod.unknown()),
    })
    .passthrough()
    .describe(
      'The whole object; what it leaves out and the portal owned is removed',
    ),
  force: zod
    .boolean()
    .default(false)
    .describe('Take fields over from who owns them'),
});

const changeOutput = (zod: RegistryZod) =>
  zod.object({
    name: zod.string(),
    namespace: zod.string().optional(),
    status: zod.enum(['done', 'planned']),
    resourceVersion: zod.string().optional(),
    plan: zod
      .record(zod.unknown())
      .optional()
      .describe('Dry run: what would change, with warnings'),
    conflicts: zod
      .array(zod.object({ path: zod.string(), owner: zod.string() }))
      .optional()
      .describe('Dry run: fields that others own'),
  });

/** The answer of a change as an action gives it. */
function outputOf({ plan, ...change }: Schema<'ResourceChange'>) {
  return { output: { ...change, ...(plan && { plan: { ...plan } }) } };
}

/** Actions that plan and do changes. Every one but the first changes something only with `dryRun: false`. */
export function registerChangeActions(
  registry: ActionsRegistryService,
  calls: OperationCalls,
): void {
  registry.register({
    name: 'plan-change',
    title: 'Plan a change of a Kubernetes object',
    description:
      'Says what applying a manifest would change, by a dry run of the API server, and who owns fields that conflict. Changes nothing.',
    attributes: { readOnly: true, destructive: false, idempotent: true },
    schema: {
      input: z => z.object({ ...objectInput(z), ...manifestInput(z) }).strict(),
      output: changeOutput,
    },
    action: async ({ input, credentials }) => {
      const { cluster, manifest, force, ...place } = input;
      const id = await findCluster(calls, cluster, credentials);
      const change = await calls.call(
        'applyResource',
        {
          path: pathOf(place, id),
          query: { dryRun: true },
          body: { manifest, force },
        },
        credentials,
      );
      return outputOf(change);
    },
  });

  registry.register({
    name: 'apply-change',
    title: 'Apply a Kubernetes object',
    description:
      'Creates or changes an object of any kind by server-side apply. A dry run unless `dryRun` is false.',
    attributes: { readOnly: false, destructive: true, idempotent: true },
    schema: {
      input: z =>
        z
          .object({
            ...objectInput(z),
            ...manifestInput(z),
            ...dryRunInput(z),
          })
          .strict(),
      output: changeOutput,
    },
    action: async ({ input, credentials }) => {
      const { cluster, manifest, force, dryRun, ...place } = input;
      const id = await findCluster(calls, cluster, credentials);
      const change = await calls.call(
        'applyResource',
        {
          path: pathOf(place, id),
          query: { dryRun },
          body: { manifest, force },
        },
        credentials,
      );
      return outputOf(change);
    },
  });

  registry.register({
    name: 'scale-resource',
    title: 'Scale a Kubernetes workload',
    description:
      'Sets the replicas of a workload; 0 stops it. A dry run unless `dryRun` is false.',
    attributes: { readOnly: false, destructive: true, idempotent: true },
    schema: {
      input: z =>
        z
          .object({
            ...objectInput(z),
            replicas: z.number().int().min(0),
            ...dryRunInput(z),
          })
          .strict(),
      output: changeOutput,
    },
    action: async ({ input, credentials }) => {
      const { cluster, replicas, dryRun, ...place } = input;
      const id = await findCluster(calls, cluster, credentials);
      const change = await calls.call(
        'actOnResource',
        {
          path: { ...pathOf(place, id), action: 'scale' },
          query: { dryRun },
          body: { replicas },
        },
        credentials,
      );
      return outputOf(change);
    },
  });

  registry.register({
    name: 'restart-resource',
    title: 'Restart a Kubernetes workload',
    description:
      'Replaces all pods of a workload, one after the other. A dry run unless `dryRun` is false.',
    // Each call restarts again.
    attributes: { readOnly: false, destructive: true, idempotent: false },
    schema: {
      input: z => z.object({ ...objectInput(z), ...dryRunInput(z) }).strict(),
      output: changeOutput,
    },
    action: async ({ input, credentials }) => {
      const { cluster, dryRun, ...place } = input;
      const id = await findCluster(calls, cluster, credentials);
      const change = await calls.call(
        'actOnResource',
        {
          path: { ...pathOf(place, id), action: 'restart' },
          query: { dryRun },
          body: {},
        },
        credentials,
      );
      return outputOf(change);
    },
  });

  registry.register({
    name: 'roll-back-resource',
    title: 'Roll a Kubernetes workload back',
    description:
      'Brings a Deployment, StatefulSet or DaemonSet back to one of its revisions. A dry run unless `dryRun` is false.',
    // The revision gets a new number, so a second call finds none.
    attributes: { readOnly: false, destructive: true, idempotent: false },
    schema: {
      input: z =>
        z
          .object({
            ...objectInput(z),
            revision: z
              .number()
              .int()
              .min(1)
              .describe('One of those of explain-deployment'),
            ...dryRunInput(z),
          })
          .strict(),
      output: changeOutput,
    },
    action: async ({ input, credentials }) => {
      const { cluster, revision, dryRun, ...place } = input;
      const id = await findCluster(calls, cluster, credentials);
      const change = await calls.call(
        'actOnResource',
        {
          path: { ...pathOf(place, id), action: 'rollback' },
          query: { dryRun },
          body: { revision },
        },
        credentials,
      );
      return outputOf(change);
    },
  });
}
