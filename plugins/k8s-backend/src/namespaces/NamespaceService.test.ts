import { NotAllowedError } from '@backstage/errors';
import {
  MemoryResources,
  testContext,
} from '../workloads/__fixtures__/MemoryResources';
import { NamespaceService } from './NamespaceService';

const namespace = (name: string, labels: Record<string, string> = {}) => ({
  metadata: {
    name,
    resourceVersion: '5',
    labels: { 'kubernetes.io/metadata.name': name, ...labels },
  },
  status: { phase: 'Active' },
});

function setUp(options: { refuse?: boolean } = {}) {
  const resources = new MemoryResources();
  const namespaces = new NamespaceService({
    resources,
    guard: {
      demand: async () => {
        if (options.refuse) throw new NotAllowedError('no');
      },
    },
  });
  return {
    resources,
    namespaces,
    change: { context: testContext(), dryRun: false },
  };
}

describe('NamespaceService', () => {
  it('lists by name', async () => {
    const { resources, namespaces } = setUp();
    resources.set('namespaces', namespace('shop'));
    resources.set('namespaces', namespace('kube-system'));
    const list = await namespaces.list('c1', testContext());
    expect(list.parse()).toMatchObject({
      namespaces: [
        { name: 'kube-system', status: 'Active', system: true },
        { name: 'shop', system: false },
      ],
      cache: { state: 'live' },
    });
  });

  it('creates', async () => {
    const { resources, namespaces, change } = setUp();
    resources.answer = () => namespace('shop');
    const place = { cluster: 'c1', name: 'shop' };
    expect(await namespaces.create(place, { team: 'a' }, change)).toEqual({
      name: 'shop',
      status: 'Active',
      resourceVersion: '5',
    });
    expect(resources.changes).toMatchObject([
      {
        verb: 'create',
        body: {
          kind: 'Namespace',
          metadata: { name: 'shop', labels: { team: 'a' } },
        },
        options: { action: 'namespace.create' },
      },
    ]);
  });

  it.each([
    [{ 'not a key': 'x' }, "not a key is not a label's key"],
    [{ team: 'not a value' }, 'The value of the label team is not valid'],
    [{ 'kubernetes.io/metadata.name': 'other' }, 'is always the name'],
    [{ '\u202eteam': 'x' }, "team is not a label's key"],
  ])('refuses the labels %j', async (labels, message) => {
    const { resources, namespaces, change } = setUp();
    resources.set('namespaces', namespace('shop'));
    const place = { cluster: 'c1', name: 'shop' };
    for (const attempt of [
      namespaces.create(place, labels as Record<string, string>, change),
      namespaces.replaceLabels(place, labels as Record<string, string>, change),
    ]) {
      await expect(attempt).rejects.toThrow(message);
    }
    expect(resources.changes).toEqual([]);
  });

  it('replaces labels, and sends only those that differ', async () => {
    const { resources, namespaces, change } = setUp();
    const level = { 'pod-security.kubernetes.io/enforce': 'baseline' };
    resources.set(
      'namespaces',
      namespace('shop', { old: 'x', same: 'y', ...level }),
    );
    await namespaces.replaceLabels(
      { cluster: 'c1', name: 'shop' },
      { same: 'y', new: 'z', ...level },
      change,
    );
    expect(resources.changes).toMatchObject([
      { options: { precondition: { resourceVersion: '5' } } },
    ]);
    expect(resources.changes[0].body).toEqual({
      metadata: { labels: { old: null, new: 'z' } },
    });
  });

  it('refuses before it looks at the namespace', async () => {
    const { namespaces, change } = setUp({ refuse: true });
    const place = { cluster: 'c1', name: 'gone' };
    await expect(namespaces.replaceLabels(place, {}, change)).rejects.toThrow(
      NotAllowedError,
    );
  });

  it('deletes', async () => {
    const { resources, namespaces } = setUp();
    const place = { cluster: 'c1', name: 'shop' };
    expect(await namespaces.delete(place, testContext())).toEqual({
      success: true,
    });
    expect(resources.changes).toMatchObject([
      { verb: 'delete', options: { action: 'namespace.delete' } },
    ]);
  });

  it('deletes only the namespace that was there, when the request may be taken over', async () => {
    const { resources, namespaces } = setUp();
    resources.set('namespaces', {
      metadata: { name: 'shop', uid: 'first' },
    });
    const place = { cluster: 'c1', name: 'shop' };
    await namespaces.delete(
      place,
      testContext({ idempotency: { marker: 'mark', resumed: false } }),
    );
    expect(resources.changes).toMatchObject([
      { verb: 'delete', options: { precondition: { uid: 'first' } } },
    ]);
  });
});
