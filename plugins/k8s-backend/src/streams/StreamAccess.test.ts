import { InputError, NotFoundError } from '@backstage/errors';
import type { AccessControl } from '../access/AccessControl';
import { requestContext } from '../router/__testUtils__/requestContext';
import { StreamAccess } from './StreamAccess';
import type { Subscription } from './TopicSource';

const EU = { id: 'c1', name: 'dev-eu', labels: {} };
const US = { id: 'c2', name: 'dev-us', labels: {} };
const SERVICE: Subscription = {
  id: 'a',
  topic: 'service',
  entity: 'component:default/payments',
};

let select: jest.Mock;
let access: StreamAccess;
const filter = jest.fn();
const list = jest.fn();
const get = jest.fn();
const scopeOf = jest.fn();

beforeEach(() => {
  jest.resetAllMocks();
  select = jest
    .fn()
    .mockResolvedValue({ labelSelector: 'a=b', clusters: [EU] });
  list.mockResolvedValue([EU]);
  get.mockResolvedValue(EU);
  filter.mockImplementation(async (_permission, cluster) => ({
    cluster,
    criteria: 'all',
  }));
  access = new StreamAccess({
    access: { filter } as unknown as AccessControl,
    clusters: { list, get },
    services: { select },
    audit: { of: scopeOf },
  });
});

describe('of a service', () => {
  it('is lost with the catalog entity, as if that did not exist', async () => {
    await access.of(SERVICE, requestContext());
    select.mockRejectedValue(new NotFoundError('No entity'));
    await expect(access.of(SERVICE, requestContext())).rejects.toThrow(
      new NotFoundError('No entity'),
    );
  });

  it.each([
    ['the labels', { labelSelector: 'a=c', clusters: [EU] }],
    ['the namespace', { labelSelector: 'a=b', namespace: 'x', clusters: [EU] }],
    ['the clusters', { labelSelector: 'a=b', clusters: [EU, US] }],
    ['nothing at all', undefined],
  ])('changes with what the entity names: %s', async (_name, selection) => {
    const before = await access.of(SERVICE, requestContext());
    expect(await access.of(SERVICE, requestContext())).toBe(before);
    select.mockResolvedValue(selection);
    expect(await access.of(SERVICE, requestContext())).not.toBe(before);
  });

  it('changes when the entity can no longer be understood, and is not lost', async () => {
    const before = await access.of(SERVICE, requestContext());
    select.mockRejectedValue(new InputError('not a label'));
    expect(await access.of(SERVICE, requestContext())).not.toBe(before);
  });
});

it('changes with whose entries of the audit may be seen', async () => {
  const audit: Subscription = { id: 'a', topic: 'audit' };
  const own = { actor: 'user:default/jane', clusters: [] };
  scopeOf.mockResolvedValue({ scope: own, name: 'own' });
  const before = await access.of(audit, requestContext());
  expect(await access.of(audit, requestContext())).toBe(before);
  const scope = { ...own, clusters: ['c1'] };
  scopeOf.mockResolvedValue({ scope, name: 'clusters' });
  expect(await access.of(audit, requestContext())).not.toBe(before);
});

it('changes with the clusters that may be seen', async () => {
  const clusters: Subscription = { id: 'a', topic: 'clusters' };
  const before = await access.of(clusters, requestContext());
  list.mockResolvedValue([EU, US]);
  expect(await access.of(clusters, requestContext())).not.toBe(before);
});

it('changes with what may be seen in a cluster, and is lost with it', async () => {
  const pods: Subscription = { id: 'a', topic: 'deployments', cluster: 'c1' };
  const before = await access.of(pods, requestContext());
  filter.mockResolvedValue({ cluster: EU, criteria: 'none' });
  expect(await access.of(pods, requestContext())).not.toBe(before);
  get.mockRejectedValue(new NotFoundError('There is no cluster'));
  await expect(access.of(pods, requestContext())).rejects.toThrow(
    NotFoundError,
  );
});
