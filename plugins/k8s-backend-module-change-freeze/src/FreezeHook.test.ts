import { mockServices } from '@backstage/backend-test-utils';
import type {
  RequestContext,
  ResourceOperation,
} from '@backstage-k8s/plugin-k8s-node';
import { FreezeHook } from './FreezeHook';
import { readFreezes } from './readFreezes';

const FROM = '2026-12-24T00:00:00Z';
const TO = '2026-12-26T00:00:00Z';
const DURING = Date.parse('2026-12-25T00:00:00Z');

const read = (freezes: unknown) =>
  readFreezes(mockServices.rootConfig({ data: { k8s: { freezes } } as never }));

const operation = (more: object = {}): ResourceOperation => ({
  verb: 'patch',
  cluster: { id: 'c1', name: 'one', labels: { environment: 'production' } },
  reference: {
    cluster: 'c1',
    group: 'apps',
    version: 'v1',
    plural: 'deployments',
    namespace: 'shop',
    name: 'payments',
    ...more,
  },
  action: 'deployment.scale',
  dryRun: false,
});

function before(
  freeze: object,
  options: { now?: number; groups?: string[]; of?: ResourceOperation } = {},
): Promise<void> {
  const { now = DURING, groups = [], of = operation() } = options;
  const hook = new FreezeHook({
    freezes: read([{ name: 'Holidays', from: FROM, to: TO, ...freeze }]),
    userInfo: mockServices.userInfo.mock({
      getUserInfo: async () => ({
        userEntityRef: 'user:default/jane',
        ownershipEntityRefs: groups,
      }),
    }),
    now: () => now,
  });
  const context = {
    principal: { type: 'user', ref: 'user:default/jane' },
  } as RequestContext;
  return hook.before(of, context);
}

describe('FreezeHook', () => {
  it('refuses with its name and its end', async () => {
    await expect(before({})).rejects.toThrow(
      'Holidays: nothing is changed here until 2026-12-26T00:00:00.000Z',
    );
  });

  it.each<[string, object, Parameters<typeof before>[1]]>([
    ['before it', {}, { now: Date.parse(FROM) - 1 }],
    ['from its end on', {}, { now: Date.parse(TO) }],
    [
      'on other clusters',
      { clusters: { matchLabels: { environment: 'staging' } } },
      {},
    ],
    ['in other namespaces', { namespaces: ['other'] }, {}],
    [
      'of what has no namespace, when it is for some',
      { namespaces: ['shop'] },
      { of: operation({ namespace: undefined, plural: 'nodes', group: '' }) },
    ],
    [
      'by an excepted group',
      { except: ['Group:default/SRE'] },
      { groups: ['group:default/sre'] },
    ],
    ['by an excepted user', { except: ['user:default/jane'] }, {}],
  ])('lets pass what is changed %s', async (_, freeze, options) => {
    await expect(before(freeze, options)).resolves.toBeUndefined();
  });

  it.each<[string, object, Parameters<typeof before>[1]]>([
    [
      'on clusters with the label',
      { clusters: { matchLabels: { environment: 'production' } } },
      {},
    ],
    ['in one of its namespaces', { namespaces: ['shop'] }, {}],
    [
      'of a namespace that it is for',
      { namespaces: ['shop'] },
      {
        of: operation({
          namespace: undefined,
          group: '',
          plural: 'namespaces',
          name: 'shop',
        }),
      },
    ],
    ['by others', { except: ['group:default/sre'] }, { groups: ['group:x/y'] }],
  ])('refuses what is changed %s', async (_, freeze, options) => {
    await expect(before(freeze, options)).rejects.toThrow('Holidays');
  });
});

describe('readFreezes', () => {
  it('has none by default', () => {
    expect(readFreezes(mockServices.rootConfig())).toEqual([]);
  });

  it.each([
    ['no time', [{ name: 'x', from: 'soon', to: TO }], 'k8s.freezes.0.from'],
    ['an end before its begin', [{ name: 'x', from: TO, to: FROM }], 'end'],
    ['an unknown key', [{ name: 'x', from: FROM, to: TO, who: 'me' }], '0'],
    ['no list', {}, 'k8s.freezes'],
  ])('refuses %s and names the key', (_, freezes, words) => {
    expect(() => read(freezes)).toThrow(words);
  });
});
