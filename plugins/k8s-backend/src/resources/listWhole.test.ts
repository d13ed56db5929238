import type { CacheState, ListResult } from '@backstage-k8s/plugin-k8s-node';
import { CONFIG_MAPS } from '../cache/__testUtils__/objects';
import { listWhole } from './listWhole';

const QUERY = { ...CONFIG_MAPS, namespace: 'shop', maxItems: 9 };
const LIVE: ListResult = {
  ...{ items: [], resourceVersion: '9', cache: { state: 'live' } },
};

it.each<[CacheState['state'], (true | undefined)[]]>([
  ['live', [undefined]],
  ['stale', [undefined]],
  ['syncing', [undefined, true]],
])(
  'a cache that is %s is asked, and the API server: %j',
  async (state, asked) => {
    const known: ListResult = {
      ...{ items: [], resourceVersion: '', cache: { state } },
    };
    const context = { signal: new AbortController().signal } as never;
    const list = jest.fn(async (_, { live }) => (live ? LIVE : known));
    const listed = await listWhole({ list }, QUERY, { context });
    expect(list.mock.calls).toEqual(
      asked.map(live => [QUERY, live ? { context, live } : { context }]),
    );
    expect(listed).toBe(state === 'syncing' ? LIVE : known);
  },
);
