import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { ResourceReference } from '@backstage-k8s/plugin-k8s-common';
import type { AccessFilter } from '@backstage-k8s/plugin-k8s-node';
import { contextOf } from '../cache/__testUtils__/objects';
import type { Narrowing } from '../resources/Narrowing';
import { NODES } from '../workloads/ResourceKinds';
import type { AccessControl } from './AccessControl';
import { ReadGuard } from './ReadGuard';

const CLUSTER = { id: 'c1', name: 'one', labels: {} };
const KIND = { ...NODES, cluster: 'c1' };
const NODE = { ...KIND, name: 'node-a' };

/** A narrowing that says this of lists, and whether it shows objects. */
const narrowing = (
  criteria: AccessFilter['criteria'] | Error,
  more: Partial<Narrowing> = {},
): Narrowing => ({
  applies: async () => true,
  criteria: async () => {
    if (criteria instanceof Error) throw criteria;
    return criteria;
  },
  shows: async () => true,
  ...more,
});

function guardOf(
  options: {
    narrowings?: Narrowing[];
    permits?: (reference: ResourceReference) => boolean;
  } = {},
) {
  const { narrowings = [], permits = () => true } = options;
  return new ReadGuard({
    access: {
      allowsResource: async (_: unknown, reference: ResourceReference) =>
        permits(reference),
    } as unknown as AccessControl,
    clusters: {
      get: async id => {
        if (id !== 'c1') throw new NotFoundError('no such cluster');
        return CLUSTER;
      },
      list: async () => [CLUSTER],
    },
    narrowings,
  });
}

describe('all objects of a kind', () => {
  const ofNamespaces = {
    rule: 'IS_NAMESPACE',
    resourceType: 'k8s-resource',
    params: { namespaces: ['shop'] },
  };

  it.each<[string, Narrowing[], boolean]>([
    ['nothing narrows', [], true],
    ['all are shown', [narrowing('all'), narrowing('all')], true],
    ['one hides them', [narrowing('all'), narrowing('none')], false],
    ['those of namespaces are shown', [narrowing(ofNamespaces)], false],
    [
      'what hides them does not count',
      [narrowing('none', { applies: async () => false })],
      true,
    ],
  ])('where %s', async (_, narrowings, expected) => {
    const guard = guardOf({ narrowings });
    expect(await guard.allowsAll(KIND, contextOf())).toBe(expected);
  });

  it('in one namespace are told where those of the namespace are shown', async () => {
    const guard = guardOf({ narrowings: [narrowing(ofNamespaces)] });
    const pods = { cluster: 'c1', group: '', version: 'v1', plural: 'pods' };
    const allows = (namespace: string) =>
      guard.allowsAll({ ...pods, namespace }, contextOf());
    expect(await allows('shop')).toBe(true);
    expect(await allows('hidden')).toBe(false);
  });

  it('need the permission, and a cluster that may be seen', async () => {
    const guard = guardOf({ permits: ({ plural }) => plural !== 'nodes' });
    expect(await guard.allowsAll(KIND, contextOf())).toBe(false);
    await expect(
      guard.allowsAll({ ...KIND, cluster: 'c2' }, contextOf()),
    ).rejects.toThrow(NotFoundError);
  });

  it('are not said to be allowed when that cannot be known', async () => {
    const narrowings = [narrowing(new ServiceUnavailableError('away'))];
    await expect(
      guardOf({ narrowings }).allowsAll(KIND, contextOf()),
    ).rejects.toThrow('away');
  });
});

describe('one object', () => {
  it.each<[string, Parameters<typeof guardOf>[0], boolean]>([
    ['nothing hides', {}, true],
    ['the permission hides', { permits: () => false }, false],
    [
      'a narrowing hides',
      { narrowings: [narrowing('all', { shows: async () => false })] },
      false,
    ],
  ])('that %s', async (_, options, expected) => {
    const guard = guardOf(options);
    expect(await guard.allows(NODE, contextOf())).toBe(expected);
    const demanded = await guard.demand(NODE, contextOf()).then(
      () => undefined,
      (error: Error) => error.name,
    );
    expect(demanded).toBe(expected ? undefined : 'NotFoundError');
  });
});
