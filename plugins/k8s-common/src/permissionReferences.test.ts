import {
  formatResourceReference,
  parseResourceReference,
} from './permissionReferences';
import type { ResourcePlace } from './permissionReferences';

it.each<[string, ResourcePlace]>([
  [
    'c1/deployments.apps/shop/payments',
    {
      cluster: 'c1',
      group: 'apps',
      plural: 'deployments',
      namespace: 'shop',
      name: 'payments',
    },
  ],
  ['c1/pods./-/-', { cluster: 'c1', group: '', plural: 'pods' }],
  [
    'c1/clusterroles.rbac.authorization.k8s.io/-/system:node',
    {
      cluster: 'c1',
      group: 'rbac.authorization.k8s.io',
      plural: 'clusterroles',
      name: 'system:node',
    },
  ],
])('%s is read as it was written', (text, place) => {
  expect(formatResourceReference(place)).toBe(text);
  expect(parseResourceReference(text)).toEqual(place);
});

it.each(['', 'c1', 'c1/pods/-/-', 'c1/pods./shop', 'c1/pods./a/b/c', '//./'])(
  '"%s" is no reference',
  text => {
    expect(parseResourceReference(text)).toBeUndefined();
  },
);
