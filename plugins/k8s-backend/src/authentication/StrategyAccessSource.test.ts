import { ServiceUnavailableError } from '@backstage/errors';
import type { CachedClusterStore } from '../clusters/CachedClusterStore';
import type { StoredAuthentication } from '../clusters/ClusterStore';
import type { ClusterChange } from '../connection/ClusterConnection';
import { ownAuthentications } from './__testUtils__/ownAuthentications';
import { StrategyAccessSource } from './StrategyAccessSource';

/** Two clusters, of which the test changes one by hand. */
function setUp() {
  const asked: string[] = [];
  const stored: StoredAuthentication = { type: 'porter', key: 'k' };
  const clusters = new Map([
    ['one', { generation: 1, credential: stored }],
    ['two', { generation: 1, credential: stored }],
  ]);
  const listeners: ((change: ClusterChange) => void)[] = [];
  const store = {
    get: async (id: string) => clusters.get(id),
    generation: (id: string) => clusters.get(id)?.generation,
    access: (id: string) => {
      const { generation, credential } = clusters.get(id)!;
      if (credential.type === 'sealed') {
        throw new ServiceUnavailableError('It cannot be decrypted');
      }
      const endpoint = { server: `https://${id}`, skipTlsVerify: false };
      return { cluster: { id, generation, endpoint }, credential };
    },
    onChange: (listener: (change: ClusterChange) => void) => {
      listeners.push(listener);
      return () => {};
    },
  } as unknown as CachedClusterStore;
  const source = new StrategyAccessSource({
    store,
    authentications: ownAuthentications([
      {
        id: 'porter',
        title: { en: 'Porter' },
        fields: [{ name: 'key', title: { en: 'Key' } }],
        credential: async ({ cluster, signal }) => {
          asked.push(`${cluster.id} ${cluster.server}`);
          if (cluster.id === 'two') {
            await new Promise(resolve =>
              signal.addEventListener('abort', resolve),
            );
          }
          return { token: `for-${cluster.id}` };
        },
      },
    ]),
  });
  const change = (id: string, credential?: StoredAuthentication) => {
    const { generation } = clusters.get(id)!;
    if (credential) {
      clusters.set(id, { generation: generation + 1, credential });
    } else clusters.delete(id);
    const action = credential ? 'upserted' : 'removed';
    listeners.forEach(tell => tell({ cluster: id, action }));
  };
  return { source, asked, change };
}

it('has one credential for all that reach a cluster', async () => {
  const { source, asked } = setUp();
  const [first, second] = [source.access('one'), source.access('one')];
  expect(await first.credentials.current()).toEqual({ token: 'for-one' });
  expect(await second.credentials.current()).toEqual({ token: 'for-one' });
  expect(asked).toEqual(['one https://one']);
});

it('has another one for another generation, and ends the question for the old one', async () => {
  const { source, change } = setUp();
  const before = source.access('two').credentials.current();
  change('two', { type: 'token', token: 'new' });
  await expect(before).rejects.toThrow(/changed or removed meanwhile/);
  const { cluster, credentials } = source.access('two');
  expect(cluster.generation).toBe(2);
  expect(await credentials.current()).toEqual({ token: 'new' });
});

it('ends with the cluster', async () => {
  const { source, change } = setUp();
  const before = source.access('two').credentials.current();
  change('two');
  await expect(before).rejects.toThrow(/changed or removed meanwhile/);
});

it('fails for one cluster, and not for the others', async () => {
  const { source, change } = setUp();
  change('two', { type: 'sealed' });
  expect(() => source.access('two')).toThrow('It cannot be decrypted');
  change('two', { type: 'gone', key: 'planted' });
  expect(() => source.access('two')).toThrow(/'gone', which no installed/);
  expect(await source.access('one').credentials.current()).toEqual({
    token: 'for-one',
  });
});
