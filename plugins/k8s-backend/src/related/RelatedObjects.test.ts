import { ServiceUnavailableError } from '@backstage/errors';
import type {
  KubernetesObject,
  ResourceType,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type { Narrowing } from '../resources/Narrowing';
import {
  deployment,
  replicaSet,
} from '../workloads/__fixtures__/workloadObjects';
import { KNOWN_KINDS, object, setUp, shop } from './__fixtures__/relatedShop';
import { typeNameOf } from './Relation';
import { RELATIONS } from './relations';

type Graph = Schema<'RelatedGraph'>;

const ids = ({ nodes }: Graph) => nodes.map(({ id }) => id);
const edges = (graph: Graph) =>
  graph.edges.map(({ from, to, relation }) => `${from} ${relation} ${to}`);
const DEPLOYMENT = 'apps/deployments/shop/payments';
const POD = 'core/pods/shop/web';

describe('what a graph holds', () => {
  it('is what a deployment owns, selects, uses and is ruled by, two steps deep', async () => {
    const { resources, graph } = setUp();
    shop(resources);
    const found = await graph(DEPLOYMENT);
    expect(found.nodes[0]).toMatchObject({
      id: DEPLOYMENT,
      kind: 'Deployment',
      health: { state: 'healthy' },
    });
    expect(edges(found).sort()).toEqual(
      [
        `${DEPLOYMENT} mounts core/configmaps/shop/settings`,
        `${DEPLOYMENT} mounts core/persistentvolumeclaims/shop/data`,
        `${DEPLOYMENT} owns apps/replicasets/shop/payments-2`,
        `${DEPLOYMENT} selects ${POD}`,
        `${DEPLOYMENT} uses core/configmaps/shop/gone`,
        `${DEPLOYMENT} uses core/secrets/shop/keys`,
        `${DEPLOYMENT} uses core/secrets/shop/pull`,
        `${DEPLOYMENT} uses core/serviceaccounts/shop/runner`,
        `apps/replicasets/shop/payments-2 owns ${POD}`,
        `autoscaling/horizontalpodautoscalers/shop/scaler scales ${DEPLOYMENT}`,
        `core/persistentvolumeclaims/shop/data binds core/persistentvolumes/_/pv-1`,
        `core/persistentvolumeclaims/shop/data uses storage.k8s.io/storageclasses/_/fast`,
        `core/persistentvolumes/_/pv-1 uses storage.k8s.io/storageclasses/_/fast`,
        `${POD} mounts core/configmaps/shop/settings`,
        `${POD} mounts core/persistentvolumeclaims/shop/data`,
        `${POD} runsOn core/nodes/_/node-1`,
        `${POD} uses core/configmaps/shop/gone`,
        `${POD} uses core/secrets/shop/keys`,
        `${POD} uses core/secrets/shop/pull`,
        `${POD} uses core/serviceaccounts/shop/runner`,
        `core/services/shop/web selects ${POD}`,
        `networking.k8s.io/networkpolicies/shop/all restricts ${POD}`,
      ].sort(),
    );
    expect(found.truncated).toBeUndefined();
    expect(JSON.stringify(found)).not.toContain('very-secret');
  });

  it('names what is not there, but not what is optional', async () => {
    const { resources, graph } = setUp();
    shop(resources);
    const { nodes } = await graph(DEPLOYMENT);
    const missing = nodes.filter(node => node.missing);
    expect(missing).toEqual([
      expect.objectContaining({
        id: 'core/configmaps/shop/gone',
        health: { state: 'unknown' },
      }),
    ]);
  });

  it('does not take another object of the name for the owner', async () => {
    const { resources, graph } = setUp();
    resources.set('replicasets', replicaSet(2));
    resources.set('deployments', deployment({ metadata: { uid: 'newer' } }));
    const { nodes } = await graph('apps/replicasets/shop/payments-2');
    expect(nodes).toContainEqual(
      expect.objectContaining({ id: DEPLOYMENT, missing: true }),
    );
  });

  it.each([
    ['core/services/shop/web', `networking.k8s.io/ingresses/shop/front`],
    ['networking.k8s.io/ingresses/shop/front', POD],
    ['core/configmaps/shop/settings', DEPLOYMENT],
    ['core/secrets/shop/pull', DEPLOYMENT],
    ['core/serviceaccounts/shop/runner', POD],
    ['core/nodes/_/node-1', POD],
    ['core/persistentvolumes/_/pv-1', POD],
    [
      'storage.k8s.io/storageclasses/_/fast',
      'core/persistentvolumeclaims/shop/data',
    ],
    ['networking.k8s.io/networkpolicies/shop/all', 'core/pods/shop/other'],
  ])('leads from %s to %s', async (from, to) => {
    const { resources, graph } = setUp();
    shop(resources);
    expect(ids(await graph(from))).toContain(to);
  });

  it('does not lead from one pod to the next by what all pods share', async () => {
    const { resources, graph } = setUp();
    shop(resources);
    const found = ids(await graph(POD));
    expect(found).toContain('core/nodes/_/node-1');
    expect(found).toContain('networking.k8s.io/networkpolicies/shop/all');
    expect(found).not.toContain('core/pods/shop/other');
  });

  it('shows where bindings, gateways and custom owners lead', async () => {
    const { resources, graph } = setUp();
    resources.set('serviceaccounts', object('runner'));
    const rbac = 'rbac.authorization.k8s.io';
    resources.set('roles', object('reader', { namespace: 'ops' }));
    resources.set(
      'rolebindings',
      object('read', {
        namespace: 'ops',
        roleRef: { kind: 'Role', name: 'reader' },
        subjects: [
          { kind: 'ServiceAccount', namespace: 'shop', name: 'runner' },
          { kind: 'User', name: 'runner' },
        ],
      }),
    );
    expect(edges(await graph('core/serviceaccounts/shop/runner'))).toEqual([
      `${rbac}/rolebindings/ops/read binds core/serviceaccounts/shop/runner`,
      `${rbac}/rolebindings/ops/read uses ${rbac}/roles/ops/reader`,
    ]);

    const gateway = 'gateway.networking.k8s.io';
    resources.set('services', object('web', { spec: {} }));
    resources.set('gateways', object('edge', { namespace: 'ops' }));
    resources.set(
      'httproutes',
      object('route', {
        namespace: 'ops',
        spec: {
          parentRefs: [{ name: 'edge' }],
          rules: [{ backendRefs: [{ name: 'web', namespace: 'shop' }] }],
        },
      }),
    );
    expect(edges(await graph('core/services/shop/web'))).toEqual([
      `${gateway}/httproutes/ops/route routes core/services/shop/web`,
      `${gateway}/gateways/ops/edge routes ${gateway}/httproutes/ops/route`,
    ]);

    resources.set('certificates', object('tls'));
    resources.set(
      'secrets',
      object('tls', {
        metadata: {
          name: 'tls',
          uid: 'uid-secret',
          namespace: 'shop',
          ownerReferences: [
            {
              apiVersion: 'cert-manager.io/v1',
              kind: 'Certificate',
              name: 'tls',
              uid: 'uid-tls',
            },
          ],
        },
      }),
    );
    const owns = `cert-manager.io/certificates/shop/tls owns core/secrets/shop/tls`;
    for (const start of [
      'core/secrets/shop/tls',
      'cert-manager.io/certificates/shop/tls',
    ]) {
      expect(edges(await graph(start))).toEqual([owns]);
    }
  });
});

describe('what a caller may not see', () => {
  it('is not in the graph, not even as missing', async () => {
    const { resources, graph } = setUp({ namespaces: ['shop'] });
    shop(resources);
    resources.set(
      'httproutes',
      object('hidden-route', {
        namespace: 'ops',
        spec: {
          rules: [{ backendRefs: [{ name: 'web', namespace: 'shop' }] }],
        },
      }),
    );
    const found = await graph('core/services/shop/web');
    expect(ids(found)).toContain(POD);
    expect(found.nodes.map(({ namespace }) => namespace)).toEqual(
      found.nodes.map(() => 'shop'),
    );
    expect(JSON.stringify(found)).not.toMatch(/node-1|hidden-route/);
    await expect(graph('core/nodes/_/node-1')).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });
});

describe('what is hidden besides', () => {
  const isSecret = ({ plural }: ResourceType) => plural === 'secrets';
  const hidesSecrets: Narrowing = {
    applies: async () => true,
    criteria: async query => (isSecret(query) ? 'none' : 'all'),
    shows: async reference => !isSecret(reference),
  };

  it('is not said to be missing, as what is not there is', async () => {
    const everything = setUp();
    shop(everything.resources);
    expect(ids(await everything.graph(DEPLOYMENT)).join()).toContain('secrets');
    const { resources, graph } = setUp({ narrowing: hidesSecrets });
    shop(resources);
    const { nodes } = await graph(DEPLOYMENT);
    expect(nodes.filter(({ missing }) => missing).map(({ id }) => id)).toEqual([
      'core/configmaps/shop/gone',
    ]);
    expect(JSON.stringify(nodes)).not.toContain('secrets');
    await expect(graph('core/secrets/shop/keys')).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });

  it('is not said to be missing either when what hides it cannot be asked', async () => {
    const { resources, graph } = setUp({
      narrowing: {
        ...hidesSecrets,
        shows: async reference => {
          if (!isSecret(reference)) return true;
          throw new ServiceUnavailableError('away');
        },
      },
    });
    shop(resources);
    const found = await graph(DEPLOYMENT);
    expect(ids(found).join()).not.toContain('secrets');
    expect(found.truncated).toBe(true);
  });
});

describe('what cannot be read', () => {
  it('is left out: kinds that the cluster lacks, and kinds that fail', async () => {
    const { resources, graph } = setUp({
      without: ['horizontalpodautoscalers.autoscaling'],
    });
    shop(resources);
    resources.failures.set('services', new ServiceUnavailableError('down'));
    const found = await graph(DEPLOYMENT);
    expect(ids(found)).toContain(POD);
    expect(ids(found).join()).not.toMatch(/services\/|autoscaling/);
    expect(found.truncated).toBe(true);
  });

  it('is waited for once', async () => {
    const { resources, graph } = setUp({ waitMs: 20 });
    shop(resources);
    let questions = 0;
    const list = resources.list.bind(resources);
    const signals: AbortSignal[] = [];
    resources.list = (query, options) => {
      if (query.plural !== 'services') return list(query, options);
      if (options) signals.push(options.context.signal);
      questions += 1;
      return new Promise(() => {});
    };
    const found = await graph(DEPLOYMENT);
    expect(ids(found)).toContain('networking.k8s.io/networkpolicies/shop/all');
    expect(found.truncated).toBe(true);
    expect(questions).toBe(1);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('does not hide that the object itself cannot be read', async () => {
    const { resources, graph } = setUp();
    await expect(graph(POD)).rejects.toMatchObject({ name: 'NotFoundError' });
    resources.failures.set('pods', new ServiceUnavailableError('down'));
    await expect(graph(POD)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
  });
});

describe('the bounds of a graph', () => {
  const labels = { app: 'web' };

  it('are twenty of a kind a step', async () => {
    const { resources, graph } = setUp();
    resources.set('services', object('web', { spec: { selector: labels } }));
    for (let index = 0; index < 21; index += 1) {
      const name = `web-${String(index).padStart(2, '0')}`;
      resources.set(
        'pods',
        object(name, { metadata: { name, namespace: 'shop', labels } }),
      );
    }
    const found = await graph('core/services/shop/web');
    expect(ids(found)).toHaveLength(21);
    expect(ids(found).at(-1)).toBe('core/pods/shop/web-19');
    expect(found.truncated).toBe(true);
  });

  it('are a hundred of all', async () => {
    const { resources, graph } = setUp();
    const sources = ['configMap', 'secret', 'persistentVolumeClaim'];
    const volumes = Array.from({ length: 30 }, (_, index) =>
      sources.map(source => ({
        [source]: {
          name: `n${index}`,
          secretName: `n${index}`,
          claimName: `n${index}`,
        },
      })),
    ).flat();
    resources.set('pods', object('web', { spec: { containers: [], volumes } }));
    for (let index = 0; index < 20; index += 1) {
      resources.set(
        'persistentvolumeclaims',
        object(`n${index}`, { spec: { volumeName: `pv${index}` } }),
      );
      resources.set(
        'networkpolicies',
        object(`p${index}`, { spec: { podSelector: {} } }),
      );
    }
    const found = await graph(POD);
    expect(found.nodes).toHaveLength(100);
    expect(new Set(ids(found)).size).toBe(found.nodes.length);
    for (const { from, to } of found.edges) {
      expect(ids(found)).toEqual(expect.arrayContaining([from, to]));
    }
    expect(found.truncated).toBe(true);
  });

  it('hold for what would have to be looked through', async () => {
    const { resources, graph } = setUp();
    shop(resources);
    for (let index = 0; index < 1001; index += 1) {
      resources.set('services', object(`s${index}`, { spec: {} }));
    }
    const found = await graph(POD);
    expect(ids(found).join()).not.toContain('services/');
    expect(ids(found)).toContain('networking.k8s.io/networkpolicies/shop/all');
    expect(found.truncated).toBe(true);
  });
});

describe('the table of relations', () => {
  it('names columns and kinds that there are', () => {
    const types = KNOWN_KINDS.map(typeNameOf);
    // Kinds that are no part of Kubernetes, or not in our table.
    const foreign = /keda\.sh|gatewayclasses/;
    const named = RELATIONS.flatMap(({ from, to }) =>
      [from, to].flatMap(side => (Array.isArray(side) ? side : [])),
    ).filter(name => !foreign.test(name));
    expect(types).toEqual(expect.arrayContaining(named));

    const columns = KNOWN_KINDS.flatMap(kind =>
      kind.columns.map(({ id }) => `${id} of ${typeNameOf(kind)}`),
    );
    const used = RELATIONS.flatMap(({ from, column }) =>
      column === undefined || from === 'any'
        ? []
        : from.map(name => `${column} of ${name}`),
    );
    expect(used).not.toEqual([]);
    expect(columns).toEqual(expect.arrayContaining(used));
  });

  it('reads whatever an object holds', () => {
    const odd = [null, 1, 'a', [], [null], {}, { a: 1 }];
    for (const value of odd) {
      const made = {
        metadata: { name: 'odd', ownerReferences: value },
        spec: value,
        subjects: value,
        webhooks: value,
        endpoints: value,
      } as unknown as KubernetesObject;
      for (const { links } of RELATIONS)
        expect(() => links(made)).not.toThrow();
    }
  });
});
