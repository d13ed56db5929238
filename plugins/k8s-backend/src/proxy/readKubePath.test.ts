import { readKubePath } from './readKubePath';

const POD = { group: '', version: 'v1', plural: 'pods' };

describe('readKubePath', () => {
  it.each([
    ['version', { type: 'document', document: 'version' }],
    ['api', { type: 'document', document: 'versions' }],
    ['apis', { type: 'document', document: 'groups' }],
    ['api/v1', { type: 'kinds', group: '', version: 'v1' }],
    ['apis/apps/v1', { type: 'kinds', group: 'apps', version: 'v1' }],
    ['api/v1/pods', { type: 'collection', collection: POD }],
    [
      'api/v1/namespaces',
      { type: 'collection', collection: { ...POD, plural: 'namespaces' } },
    ],
    [
      'api/v1/namespaces/shop',
      {
        type: 'object',
        collection: { ...POD, plural: 'namespaces' },
        name: 'shop',
      },
    ],
    [
      'api/v1/namespaces/shop/pods',
      { type: 'collection', collection: { ...POD, namespace: 'shop' } },
    ],
    [
      'apis/apps/v1/namespaces/shop/deployments/web',
      {
        type: 'object',
        collection: {
          group: 'apps',
          version: 'v1',
          plural: 'deployments',
          namespace: 'shop',
        },
        name: 'web',
      },
    ],
    [
      'apis/rbac.authorization.k8s.io/v1/clusterroles/system:node',
      {
        type: 'object',
        collection: {
          group: 'rbac.authorization.k8s.io',
          version: 'v1',
          plural: 'clusterroles',
        },
        name: 'system:node',
      },
    ],
  ])('reads %s', (path, read) => {
    expect(readKubePath(path)).toEqual(read);
  });

  it.each([
    'api/v1/namespaces/shop/pods/web/exec',
    'api/v1/namespaces/shop/pods/web/log',
    'api/v1/namespaces/shop/pods/web/portforward',
    'api/v1/namespaces/shop/services/web/proxy',
    'api/v1/namespaces/shop/services/web:80/proxy/admin/users',
    'api/v1/nodes/one/proxy',
    'api/v1/nodes/one/proxy/exec/shop/web/main',
    'api/v1/proxy/namespaces/shop/pods/web',
    'api/v1/watch/namespaces/shop/pods',
    'api/v1/namespaces/shop/serviceaccounts/web/token',
    'api/v1/namespaces/shop/pods/web/eviction',
    'apis/apps/v1/namespaces/shop/deployments/web/scale',
    'apis/apps/v1/namespaces/shop/deployments/web/status',
  ])('refuses the sub-resource %s', path => {
    expect(() => readKubePath(path)).toThrow(
      expect.objectContaining({ name: 'NotAllowedError' }),
    );
  });

  it.each([
    '',
    'metrics',
    'healthz',
    'logs',
    'openapi/v3',
    'version/x',
    'apis/apps',
    'api/V1/pods',
    'api/v1/PODS',
    'api/v1/po_ds',
    'api//pods',
    'apis/Apps/v1/deployments',
    'apis/../v1/deployments',
    'api/v1/namespaces/../pods',
    'api/v1/namespaces/Shop/pods',
    'api/v1/namespaces/shop/pods/..',
    'api/v1/namespaces/shop/pods/UPPER',
    'api/v1/namespaces/shop/pods/a:b',
    `api/v1/namespaces/${'a'.repeat(64)}/pods`,
    `api/v1/pods/${'a'.repeat(254)}`,
  ])('refuses %s', path => {
    expect(() => readKubePath(path)).toThrow(
      expect.objectContaining({ name: 'InputError' }),
    );
  });
});
