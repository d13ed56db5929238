import { refusedIntent } from './refusedIntent';

const intent = (
  operation: Parameters<typeof refusedIntent>[0]['operation'],
  path: Record<string, string>,
  body?: unknown,
) => refusedIntent({ operation, path: { id: 'c1', ...path }, body });

describe('what was refused', () => {
  it('is named by its kind, whatever route it took', () => {
    expect(
      intent('deleteResource', {
        ...{ group: 'core', plural: 'configmaps' },
        ...{ namespace: 'shop', name: 'a' },
      }),
    ).toEqual({
      action: 'configmap.delete',
      cluster: { id: 'c1' },
      resource: {
        ...{ group: '', plural: 'configmaps', namespace: 'shop', name: 'a' },
      },
    });
    expect(
      intent(
        'createResource',
        { group: 'example.org', plural: 'widgets' },
        { manifest: { metadata: { name: 'w', namespace: 'shop' } } },
      ),
    ).toMatchObject({
      action: 'widgets.create',
      resource: { group: 'example.org', name: 'w', namespace: 'shop' },
    });
    expect(
      intent('actOnResource', {
        ...{ group: 'apps', plural: 'daemonsets', action: 'rollback' },
        ...{ namespace: 'shop', name: 'agent' },
      }),
    ).toMatchObject({ action: 'daemonset.rollback' });
    expect(
      refusedIntent({
        operation: 'actOnResourceOfClusters',
        path: {
          ...{ group: 'apps', plural: 'deployments', action: 'restart' },
          ...{ namespace: 'shop', name: 'web' },
        },
        body: {},
      }),
    ).toMatchObject({ action: 'deployment.restart', cluster: undefined });
  });

  it('has the names of its kind: those of roles may hold a colon, no path may', () => {
    const role = (name: string) =>
      intent('patchResource', {
        ...{ group: 'rbac.authorization.k8s.io', plural: 'clusterroles' },
        ...{ namespace: '_', name },
      })?.resource;
    expect(role('system:node')).toMatchObject({
      name: 'system:node',
      namespace: undefined,
    });
    expect(role('..')).toMatchObject({ name: undefined });
  });

  it.each([
    { group: '../..', plural: 'pods', action: 'restart' },
    { group: 'apps', plural: 'pods%2Fexec', action: 'restart' },
    { group: 'apps', plural: 'x'.repeat(1000), action: 'restart' },
  ])('keeps nothing of %j that is no name', path => {
    const found = intent('actOnResource', {
      ...path,
      ...{ namespace: 'shop', name: 'a' },
    });
    expect(found).toEqual({
      action: 'resource.restart',
      cluster: { id: 'c1' },
      resource: undefined,
    });
  });

  it('has no action that is none', () => {
    expect(
      intent('actOnResource', {
        ...{ group: 'apps', plural: 'deployments', action: 'x'.repeat(99) },
      }),
    ).toMatchObject({ action: 'deployment.act' });
  });

  it('is nothing where nothing would have been changed', () => {
    expect(
      intent('getResource', { group: 'core', plural: 'pods' }),
    ).toBeUndefined();
  });
});
