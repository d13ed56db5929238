import { ConfigReader } from '@backstage/config';
import type { JsonValue } from '@backstage/types';
import { readRoleBindings } from './readRoleBindings';

const read = (bindings: unknown) =>
  readRoleBindings(
    new ConfigReader({
      k8s: { permission: { bindings: bindings as JsonValue } },
    }),
  );

it('reads no bindings where there are none', () => {
  expect(readRoleBindings(new ConfigReader({}))).toEqual([]);
  expect(read([])).toEqual([]);
});

it('reads bindings with full references in lower case', () => {
  expect(
    read([
      { role: 'K8sViewer', users: ['Jane', 'user:other/Joe'] },
      {
        role: 'K8sOperator',
        groups: ['Platform', 'group:default/SRE'],
        clusters: { matchLabels: { 'topology.kubernetes.io/region': 'eu' } },
        namespaces: ['shop'],
      },
    ]),
  ).toEqual([
    {
      role: 'K8sViewer',
      users: ['user:default/jane', 'user:other/joe'],
      groups: [],
    },
    {
      role: 'K8sOperator',
      users: [],
      groups: ['group:default/platform', 'group:default/sre'],
      matchLabels: { 'topology.kubernetes.io/region': 'eu' },
      namespaces: ['shop'],
    },
  ]);
});

const subject = { users: ['user:default/jane'] };

it('reads what a binding gives besides', () => {
  const [withTerminal, without] = read([
    { ...subject, role: 'K8sOperator', terminal: true },
    { ...subject, role: 'K8sOperator', terminal: false },
  ]);
  expect(withTerminal.options).toEqual(['terminal']);
  expect(without.options).toBeUndefined();
});

it.each([
  ['an unknown role', { ...subject, role: 'K8sRoot' }, /role .*K8sViewer/],
  ['no role', subject, /role/],
  [
    'a terminal for somebody who only sees',
    { ...subject, role: 'K8sViewer', terminal: true },
    /terminal .*K8sViewer/,
  ],
  ['no subjects', { role: 'K8sViewer' }, /neither users nor groups/],
  [
    'empty subjects',
    { role: 'K8sViewer', users: [], groups: [] },
    /neither users nor groups/,
  ],
  [
    'a group among the users',
    { role: 'K8sViewer', users: ['group:default/platform'] },
    /users\.0 "group:default\/platform" is not a reference of a user/,
  ],
  [
    'a user among the groups',
    { role: 'K8sViewer', groups: ['user:default/jane'] },
    /groups\.0 .*is not a reference of a group/,
  ],
  [
    'a reference that is none',
    { role: 'K8sViewer', users: ['a:b:c'] },
    /users\.0/,
  ],
  ['users that are no list', { role: 'K8sViewer', users: 'jane' }, /users/],
  [
    'an unknown key',
    { role: 'K8sViewer', ...subject, namespace: ['shop'] },
    /namespace/,
  ],
  [
    'an unknown key of clusters',
    { role: 'K8sViewer', ...subject, clusters: { names: ['a'] } },
    /clusters/,
  ],
  [
    'clusters without labels',
    { role: 'K8sViewer', ...subject, clusters: { matchLabels: {} } },
    /clusters\.matchLabels needs a label/,
  ],
  [
    'a label that is no text',
    { role: 'K8sViewer', ...subject, clusters: { matchLabels: { a: 1 } } },
    /clusters\.matchLabels\.a/,
  ],
  [
    'a label that no cluster can have',
    { role: 'K8sViewer', ...subject, clusters: { matchLabels: { a: 'b c' } } },
    /clusters\.matchLabels\.a is not a value of a label/,
  ],
  [
    'no namespaces',
    { role: 'K8sViewer', ...subject, namespaces: [] },
    /namespaces needs a namespace/,
  ],
  [
    'a namespace that cannot be',
    { role: 'K8sViewer', ...subject, namespaces: ['Shop'] },
    /namespaces\.0 is not a name of a namespace/,
  ],
  ['text', 'K8sViewer', /expected object/],
])('refuses a binding with %s and names it', (_, binding, message) => {
  const all = [{ role: 'K8sViewer', users: ['jane'] }, binding];
  expect(() => read(all)).toThrow(/^k8s\.permission\.bindings\[1\]: /);
  expect(() => read(all)).toThrow(message);
});

it('refuses bindings that are no list', () => {
  expect(() => read({ role: 'K8sViewer' })).toThrow(
    'k8s.permission.bindings is not a list',
  );
});
