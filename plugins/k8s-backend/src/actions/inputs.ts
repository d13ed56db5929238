import type { ActionsRegistryActionOptions } from '@backstage/backend-plugin-api/alpha';

/** The zod that the actions registry brings; it is of version 3, ours is 4. */
export type RegistryZod = Parameters<
  ActionsRegistryActionOptions<any, any>['schema']['input']
>[0];

/** Group and plural of deployments, what changes are mostly of. */
export const DEPLOYMENTS = { group: 'apps', plural: 'deployments' };

/** Inputs that name a cluster. */
export const clusterInput = (zod: RegistryZod) => ({
  cluster: zod.string().describe('Id or name of the cluster'),
});

/** Inputs that name a kind. */
export const kindInput = (zod: RegistryZod) => ({
  ...clusterInput(zod),
  group: zod
    .string()
    .default(DEPLOYMENTS.group)
    .describe('API group, e.g. apps; core for the core group'),
  plural: zod
    .string()
    .default(DEPLOYMENTS.plural)
    .describe('Plural of the kind, e.g. deployments'),
});

/** Inputs that name an object. */
export const objectInput = (zod: RegistryZod) => ({
  ...kindInput(zod),
  namespace: zod
    .string()
    .optional()
    .describe('Namespace of the object; absent for kinds that have none'),
  name: zod.string().describe('Name of the object'),
});

/** The input that every change has. */
export const dryRunInput = (zod: RegistryZod) => ({
  dryRun: zod
    .boolean()
    .default(true)
    .describe(
      'Only answer with the plan, the default; false: change it. Show the plan to a person before',
    ),
});

/** In a path: no namespace. */
const NO_NAMESPACE = '_';

/** The path of an object that an input names, once its cluster is known. */
export function pathOf(
  input: { group: string; plural: string; namespace?: string; name: string },
  id: string,
) {
  const { group, plural, namespace = NO_NAMESPACE, name } = input;
  return { id, group, plural, namespace, name };
}
