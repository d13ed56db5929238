import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { z } from 'zod/v3';

/** What every action of the module tells the steps after it. */
export const OUTPUT_SCHEMA = {
  name: (zod: typeof z) => zod.string().describe('Name of the object'),
  namespace: (zod: typeof z) =>
    zod.string().optional().describe('Its namespace; absent: it has none'),
  clusterId: (zod: typeof z) =>
    zod.string().describe('Id of its cluster, for links into the portal'),
  status: (zod: typeof z) =>
    zod.string().describe('What became of it; planned in a dry run'),
  resourceVersion: (zod: typeof z) =>
    zod.string().optional().describe('Version of the object; absent: planned'),
  plan: (zod: typeof z) =>
    zod
      .record(zod.unknown())
      .optional()
      .describe('Dry run: what would change, with warnings'),
};

type Output = (
  name: keyof typeof OUTPUT_SCHEMA,
  value: string | Record<string, unknown>,
) => void;

/** Tells the steps after this one what became of a change. */
export function putChange(
  output: Output,
  change: Pick<
    Schema<'Change'>,
    'name' | 'namespace' | 'status' | 'resourceVersion' | 'plan'
  > & { clusterId: string },
): void {
  const { clusterId, name, namespace, status } = change;
  const { resourceVersion, plan } = change;
  output('clusterId', clusterId);
  output('name', name);
  output('status', status);
  if (namespace !== undefined) output('namespace', namespace);
  if (resourceVersion !== undefined) output('resourceVersion', resourceVersion);
  if (plan !== undefined) output('plan', { ...plan });
}

/** Says in a task's log what a plan holds. */
export function logPlan(
  logger: { info(message: string): void; warn(message: string): void },
  plan: Schema<'Plan'> | undefined,
): void {
  if (!plan) return;
  if (plan.before === null) logger.info('It does not exist yet');
  for (const { path } of plan.changes) logger.info(`Would change ${path}`);
  for (const warning of plan.warnings) logger.warn(warning);
}
