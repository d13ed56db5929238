/** A small shop in memory, and graphs over it. */
import { NotFoundError } from '@backstage/errors';
import { KINDS } from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  ResourceReference,
} from '@backstage-k8s/plugin-k8s-common';
import type { AccessFilter } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../../access/AccessControl';
import { ReadGuard } from '../../access/ReadGuard';
import { describeKind } from '../../discovery/describeKind';
import type { KindDirectory } from '../../discovery/KindDirectory';
import { AuthorizedResourceClient } from '../../resources/AuthorizedResourceClient';
import { NarrowedResourceClient } from '../../resources/NarrowedResourceClient';
import type { Narrowing } from '../../resources/Narrowing';
import {
  MemoryResources,
  testContext,
} from '../../workloads/__fixtures__/MemoryResources';
import {
  deployment,
  pod,
  replicaSet,
} from '../../workloads/__fixtures__/workloadObjects';
import { RelatedObjects } from '../RelatedObjects';
import { typeNameOf } from '../Relation';

const CLUSTER = { id: 'c1', name: 'one', labels: {} };
const CUSTOM = {
  group: 'cert-manager.io',
  plural: 'certificates',
  kind: 'Certificate',
  namespaced: true,
};
const DISCOVERED = { verbs: ['list'], shortNames: [] };
/** The kinds of the cluster. */
export const KNOWN_KINDS = [
  ...KINDS.map(({ version, ...kind }) =>
    describeKind(
      { ...kind, ...DISCOVERED, versions: [version] },
      { areDefinitionsKnown: true },
    ),
  ),
  describeKind(
    { ...CUSTOM, ...DISCOVERED, versions: ['v1'] },
    { areDefinitionsKnown: true, definition: { columns: new Map() } as never },
  ),
];

/** Graphs over objects in memory, through the layers that ask what may be seen. */
export function setUp(
  options: {
    /** Namespaces that the caller may see; absent: everything. */
    namespaces?: string[];
    /** What else hides objects. */
    narrowing?: Narrowing;
    /** Types that the cluster lacks. */
    without?: string[];
    waitMs?: number;
  } = {},
) {
  const { namespaces, narrowing, without = [] } = options;
  const resources = new MemoryResources();
  const client = narrowing
    ? new NarrowedResourceClient({ client: resources, narrowing })
    : resources;
  const narrowings = narrowing ? [narrowing] : [];
  const criteria: AccessFilter['criteria'] = namespaces
    ? {
        rule: 'IS_NAMESPACE',
        resourceType: 'k8s-resource',
        params: { namespaces },
      }
    : 'all';
  const access = {
    allowsResource: async (_: unknown, { namespace }: ResourceReference) =>
      !namespaces || namespaces.includes(namespace ?? ''),
    filter: async () => ({ cluster: CLUSTER, criteria }),
  } as unknown as AccessControl;
  const clusters = {
    get: async (id: string) => {
      if (id !== 'c1') throw new NotFoundError('no such cluster');
      return CLUSTER;
    },
    list: async () => [CLUSTER],
  };
  const list = KNOWN_KINDS.filter(kind => !without.includes(typeNameOf(kind)));
  const kinds: KindDirectory = {
    list: async () => ({ kinds: list, cache: { state: 'live' } }),
    find: async (_, type) => {
      const found = list.find(kind => typeNameOf(kind) === typeNameOf(type));
      if (!found) throw new NotFoundError('no such kind');
      return found;
    },
  };
  const related = new RelatedObjects({
    resources: new AuthorizedResourceClient({ client, access, clusters }),
    kinds,
    guard: new ReadGuard({ access, clusters, narrowings }),
    clusters,
    waitMs: options.waitMs,
  });
  const graph = (path: string) => {
    const [group, plural, namespace, name] = path.split('/');
    return related.graph(
      {
        cluster: 'c1',
        group: group === 'core' ? '' : group,
        plural,
        ...(namespace !== '_' && { namespace }),
        name,
      },
      testContext(),
    );
  };
  return { resources, related, graph };
}

/** An object in the namespace `shop`, unless another is told; empty: in none. */
export function object(
  name: string,
  more: Partial<KubernetesObject> & { namespace?: string } = {},
): KubernetesObject {
  const { namespace = 'shop', metadata, ...rest } = more;
  return {
    metadata: {
      name,
      uid: `uid-${name}`,
      ...(namespace !== '' && { namespace }),
      ...metadata,
    },
    ...rest,
  };
}

/** A deployment with everything around it. */
export function shop(resources: MemoryResources) {
  const spec = {
    nodeName: 'node-1',
    serviceAccountName: 'runner',
    imagePullSecrets: [{ name: 'pull' }],
    volumes: [
      { name: 'config', configMap: { name: 'settings' } },
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
      {
        name: 'token',
        projected: {
          sources: [
            { configMap: { name: 'kube-root-ca.crt' } },
            { secret: { name: 'absent-but-optional', optional: true } },
          ],
        },
      },
    ],
    containers: [
      {
        name: 'app',
        envFrom: [{ secretRef: { name: 'keys' } }],
        env: [
          {
            name: 'A',
            valueFrom: { configMapKeyRef: { name: 'gone', key: 'a' } },
          },
        ],
      },
    ],
  };
  const labels = { app: 'payments' };
  resources.set(
    'deployments',
    deployment({ spec: { template: { metadata: { labels }, spec } } as never }),
  );
  resources.set('replicasets', replicaSet(2));
  resources.set('pods', pod({ name: 'web', spec: spec as never }));
  resources.set(
    'pods',
    pod({ name: 'other', metadata: { labels: {}, ownerReferences: [] } }),
  );
  resources.set('nodes', object('node-1', { namespace: '' }));
  resources.set('configmaps', object('settings'));
  resources.set(
    'secrets',
    object('keys', { data: { password: 'very-secret' } }),
  );
  resources.set('secrets', object('pull'));
  resources.set('serviceaccounts', object('runner'));
  resources.set(
    'persistentvolumeclaims',
    object('data', {
      spec: { volumeName: 'pv-1', storageClassName: 'fast' },
      status: { phase: 'Bound' },
    }),
  );
  resources.set(
    'persistentvolumes',
    object('pv-1', {
      namespace: '',
      spec: {
        claimRef: { namespace: 'shop', name: 'data', uid: 'uid-data' },
        storageClassName: 'fast',
      },
    }),
  );
  resources.set('storageclasses', object('fast', { namespace: '' }));
  resources.set('services', object('web', { spec: { selector: labels } }));
  resources.set(
    'services',
    object('elsewhere', { spec: { selector: { app: 'else' } } }),
  );
  resources.set('services', object('manual', { spec: {} }));
  resources.set(
    'ingresses',
    object('front', {
      spec: {
        rules: [
          { http: { paths: [{ backend: { service: { name: 'web' } } }] } },
        ],
        tls: [{ secretName: 'certificate' }],
      },
    }),
  );
  resources.set(
    'networkpolicies',
    object('all', { spec: { podSelector: {} } }),
  );
  resources.set(
    'networkpolicies',
    object('some', {
      spec: {
        podSelector: {
          matchExpressions: [
            { key: 'app', operator: 'NotIn', values: ['payments'] },
          ],
        },
      },
    }),
  );
  resources.set(
    'horizontalpodautoscalers',
    object('scaler', {
      spec: {
        scaleTargetRef: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'payments',
        },
      },
    }),
  );
}
