import type {
  ClusterReference,
  ResourceReference,
} from '@backstage-k8s/plugin-k8s-common';
import type { PermissionRuleParams } from '@backstage/plugin-permission-common';
import { z } from 'zod';
import type { RuleDefinition } from './createRuleFactory';

/** Lets the type of the parameters be that of their schema. */
const define = <TSubject, TParams extends PermissionRuleParams>(
  definition: RuleDefinition<TSubject, TParams>,
) => definition;

export const isCluster = define({
  name: 'IS_CLUSTER',
  description: 'The cluster is one of these; one not registered yet is none',
  paramsSchema: z.object({
    clusters: z.array(z.string()).describe('Ids of clusters'),
  }),
  holds: (cluster: ClusterReference, { clusters }) =>
    cluster.id !== undefined && clusters.includes(cluster.id),
});

export const isClusterOwner = define({
  name: 'IS_CLUSTER_OWNER',
  description: 'The cluster is owned by one of these',
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe('Entity references of users and groups, in any case'),
  }),
  holds: (cluster: ClusterReference, { claims }) => {
    const owner = cluster.owner?.toLocaleLowerCase('en-US');
    return claims.some(claim => claim.toLocaleLowerCase('en-US') === owner);
  },
});

export const hasClusterLabel = define({
  name: 'HAS_CLUSTER_LABEL',
  description: 'The cluster has the label',
  paramsSchema: z.object({
    label: z.string().describe('Key of the label'),
    value: z
      .string()
      .optional()
      .describe('Value that it must have; absent: any'),
  }),
  holds: ({ labels }: ClusterReference, { label, value }) =>
    Object.hasOwn(labels, label) &&
    (value === undefined || labels[label] === value),
});

export const isNamespace = define({
  name: 'IS_NAMESPACE',
  description:
    'The object is in one of these namespaces, or is one of them; one without a namespace is in none',
  paramsSchema: z.object({
    namespaces: z.array(z.string()).describe('Names of namespaces'),
  }),
  holds: (resource: ResourceReference, { namespaces }) => {
    const isItself = resource.group === '' && resource.plural === 'namespaces';
    const namespace = isItself ? resource.name : resource.namespace;
    return namespace !== undefined && namespaces.includes(namespace);
  },
});

export const isResourceType = define({
  name: 'IS_RESOURCE_TYPE',
  description: 'The object is of one of these kinds',
  paramsSchema: z.object({
    types: z
      .array(z.string())
      .describe(
        'Kinds as plural.group, e.g. deployments.apps; of the core group the plural alone, e.g. pods',
      ),
  }),
  holds: ({ group, plural }: ResourceReference, { types }) =>
    types.includes(group === '' ? plural : `${plural}.${group}`),
});

export const isCategory = define({
  name: 'IS_CATEGORY',
  description: 'The kind of the object is of one of these categories',
  paramsSchema: z.object({
    categories: z
      .array(z.string())
      .describe('Categories, e.g. workload, network, policy'),
  }),
  holds: (resource: ResourceReference, { categories }) =>
    categories.includes(resource.category),
});
