import { parseAllDocuments } from 'yaml';
import { LEASE_RULES } from './accountLevels';
import type { AccountLevel, AccountRule } from './accountLevels';
import { createCommands, createManifest } from './createManifest';

interface KubernetesObject {
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    annotations?: Record<string, string>;
  };
  rules?: AccountRule[];
  roleRef?: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace: string }[];
}

const objectsOf = (level: AccountLevel, createsNamespace = true) =>
  parseAllDocuments(
    createManifest({ namespace: 'portal', createsNamespace, level }),
  ).map(document => {
    expect(document.errors).toEqual([]);
    return document.toJS() as KubernetesObject;
  });

const clusterRole = (level: AccountLevel) =>
  objectsOf(level).find(({ kind }) => kind === 'ClusterRole')?.rules ?? [];

function allows(
  rules: readonly AccountRule[],
  [verb, resource, group = '']: string[],
): boolean {
  return rules.some(
    ({ verbs, resources = [], apiGroups = [] }) =>
      (verbs.includes(verb) || verbs.includes('*')) &&
      (resources.includes(resource) || resources.includes('*')) &&
      (apiGroups.includes(group) || apiGroups.includes('*')),
  );
}

it.each([
  ['namespaces'],
  ['nodes'],
  ['pods'],
  ['events'],
  ['deployments', 'apps'],
  ['replicasets', 'apps'],
])('every level reads %s', (resource, group = '') => {
  for (const level of ['read', 'operate', 'administer'] as const) {
    for (const verb of ['get', 'list', 'watch']) {
      expect(allows(clusterRole(level), [verb, resource, group])).toBe(true);
    }
  }
});

it.each([
  ['read', ['patch', 'deployments', 'apps'], false],
  ['read', ['create', 'namespaces'], false],
  ['read', ['get', 'secrets'], false],
  ['read', ['get', 'pods/log'], true],
  // A terminal is opened by a GET.
  ['read', ['get', 'pods/exec'], false],
  ['operate', ['get', 'pods/exec'], true],
  ['operate', ['patch', 'deployments', 'apps'], true],
  ['operate', ['delete', 'services'], true],
  ['operate', ['update', 'configmaps'], true],
  ['operate', ['create', 'namespaces'], true],
  [
    'operate',
    ['create', 'clusterrolebindings', 'rbac.authorization.k8s.io'],
    false,
  ],
  ['operate', ['delete', 'nodes'], false],
  ['operate', ['create', 'events'], false],
  ['operate', ['update', 'serviceaccounts'], false],
  [
    'administer',
    ['create', 'clusterrolebindings', 'rbac.authorization.k8s.io'],
    true,
  ],
] as const)('%s: %j is %s', (level, right, allowed) => {
  expect(allows(clusterRole(level), [...right])).toBe(allowed);
});

it('changes nothing at the level of reading', () => {
  const verbs = clusterRole('read').flatMap(rule => rule.verbs);
  expect(new Set(verbs)).toEqual(new Set(['get', 'list', 'watch']));
});

it.each(['read', 'operate'] as const)('%s reads health and version', level => {
  const paths = clusterRole(level).flatMap(rule => rule.nonResourceURLs ?? []);
  expect(paths).toEqual(
    expect.arrayContaining(['/livez', '/readyz', '/version']),
  );
  expect(paths).not.toContain('*');
});

it('reads leases of kube-system only', () => {
  const objects = objectsOf('read');
  expect(
    allows(clusterRole('read'), ['get', 'leases', 'coordination.k8s.io']),
  ).toBe(false);
  const role = objects.find(({ kind }) => kind === 'Role');
  expect(role?.metadata.namespace).toBe('kube-system');
  expect(role?.rules).toEqual(LEASE_RULES);
});

it('binds each role to the account and gives it a token', () => {
  const objects = objectsOf('operate');
  const bindings = objects.filter(({ kind }) => kind.endsWith('Binding'));
  expect(bindings).toHaveLength(2);
  for (const { kind, roleRef, subjects } of bindings) {
    expect(`${roleRef?.kind}Binding`).toBe(kind);
    const named = objects.filter(
      object =>
        object.kind === roleRef?.kind && object.metadata.name === roleRef.name,
    );
    expect(named).toHaveLength(1);
    expect(subjects).toEqual([
      { kind: 'ServiceAccount', name: 'backstage-portal', namespace: 'portal' },
    ]);
  }
  const secret = objects.find(({ kind }) => kind === 'Secret');
  expect(secret?.metadata).toEqual({
    name: 'backstage-portal',
    namespace: 'portal',
    annotations: { 'kubernetes.io/service-account.name': 'backstage-portal' },
  });
});

it('makes the namespace only when asked to', () => {
  const kinds = (creates: boolean) =>
    objectsOf('read', creates).map(({ kind }) => kind);
  expect(kinds(true)).toContain('Namespace');
  expect(kinds(false)).not.toContain('Namespace');
});

it('prints a kubeconfig of the account in the chosen namespace', () => {
  const commands = createCommands({ namespace: 'portal' });
  expect(commands).toContain('get secret backstage-portal -n portal');
  // Only what the kubeconfig holds between its markers.
  const [, kubeconfig] = commands.split(/<<KUBECONFIG\n|KUBECONFIG\n$/);
  expect(parseAllDocuments(kubeconfig)[0].errors).toEqual([]);
  expect(kubeconfig).toContain('token: "$TOKEN"');
});
