import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { ownAuthentications } from '../authentication/__testUtils__/ownAuthentications';
import type { AccessControl } from '../access/AccessControl';
import type { AuditLog } from '../audit/AuditLog';
import { hintsOf } from '../errors/answerHints';
import type { CheckOutcome, ClusterChecker } from './check/ClusterChecker';
import type { ClusterDependents, Dependent } from './ClusterDependents';
import { ClusterService } from './ClusterService';
import type { ClusterStore, RegisteredCluster } from './ClusterStore';
import { CredentialCipher } from './CredentialCipher';
import { DefaultClusterDirectory } from './DefaultClusterDirectory';

const cluster: RegisteredCluster = {
  id: 'one',
  name: 'One',
  slug: 'one',
  labels: { environment: 'test' },
  owner: 'group:default/owners',
  protected: false,
  impersonates: false,
  endpoint: { server: 'https://one.test', skipTlsVerify: false },
  credentialType: 'token',
  uid: 'uid-one',
  generation: 1,
  revision: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};

const registration = {
  name: 'Two',
  labels: { environment: 'prod' },
  owner: 'Group:Default/Owners',
  server: 'https://two.test',
  token: 'planted-token',
};

function contextOf(change: Partial<RequestContext> = {}): RequestContext {
  return {
    credentials: mockCredentials.user(),
    principal: { type: 'user', ref: 'user:default/mock' },
    requestId: 'r1',
    signal: new AbortController().signal,
    audit: { recorded: false },
    ...change,
  };
}

function setUp(
  options: {
    /** What is allowed, as `permission name`, e.g. `k8s.cluster.read One`. */
    allows?: (permission: string, name: string, owner?: string) => boolean;
    uid?: string;
    checkError?: Error;
    dependents?: Dependent[];
    keys?: boolean;
  } = {},
) {
  const { allows = () => true } = options;
  const clusters = new Map([[cluster.id, cluster]]);
  const store = {
    list: jest.fn(async () => [...clusters.values()]),
    get: jest.fn(async (id: string) => {
      const found = clusters.get(id);
      if (!found)
        throw new NotFoundError(`There is no cluster with the id '${id}'`);
      return found;
    }),
    findByMarker: jest.fn<Promise<RegisteredCluster | undefined>, [string]>(
      async () => undefined,
    ),
    add: jest.fn(async (...[added]: Parameters<ClusterStore['add']>) => ({
      ...cluster,
      ...added,
    })),
    update: jest.fn(
      async (...[changed]: Parameters<ClusterStore['update']>) => changed,
    ),
    remove: jest.fn<Promise<void>, [string]>(async () => {}),
  };
  const access: AccessControl = {
    allowsCluster: async (permission, reference) =>
      allows(permission.name, reference.name, reference.owner),
    allowsEveryCluster: async () => false,
    allowsSomeCluster: async permission => allows(permission.name, ''),
    readsWholeCatalog: async () => false,
    allowsResource: async () => false,
    filter: async () => {
      throw new Error('Not used');
    },
    refusal: permission => `Needs more for ${permission.name}`,
  };
  const audited: [action: string, outcome: string, details: unknown][] = [];
  const audit: AuditLog = {
    change: async ({ action, details }, _, work) => {
      try {
        const result = await work(() => {});
        audited.push([action, 'succeeded', details]);
        return result;
      } catch (error) {
        audited.push([action, (error as Error).name, details]);
        throw error;
      }
    },
    record: async () => {},
    refused: async () => {},
  };
  const check = jest.fn(
    async (read: Parameters<ClusterChecker['check']>[0]) =>
      ({
        check: {
          ok: !options.checkError,
          steps: [{ step: 'identity', outcome: 'passed', message: 'It is' }],
        },
        error: options.checkError,
        cluster: options.checkError
          ? undefined
          : { access: read(), uid: options.uid ?? 'uid-two', user: 'portal' },
      } satisfies CheckOutcome as CheckOutcome),
  );
  const events = { publish: jest.fn(async () => {}) };
  const service = new ClusterService({
    store,
    directory: new DefaultClusterDirectory({ store, access }),
    access,
    audit,
    authentications: ownAuthentications(),
    checker: { check } as unknown as ClusterChecker,
    cipher: new CredentialCipher(
      options.keys === false ? [] : [{ id: 'k', key: Buffer.alloc(32) }],
    ),
    dependents: {
      list: async () => options.dependents ?? [],
    } as unknown as ClusterDependents,
    health: {
      check: async () => ({ status: 'healthy', components: [], history: [] }),
    },
    events,
    logger: mockServices.logger.mock(),
  });
  return { service, store, access, check, events, audited };
}

describe('register', () => {
  it('stores what was checked, tells of it and audits it without the credential', async () => {
    const { service, store, events, audited } = setUp();
    const stored = await service.register(registration, contextOf());
    expect(store.add).toHaveBeenCalledWith(
      expect.objectContaining({
        name: 'Two',
        slug: 'two',
        owner: 'group:default/owners',
        uid: 'uid-two',
        credentialUser: 'portal',
      }),
      { type: 'token', token: 'planted-token' },
      { marker: undefined },
    );
    expect(stored.id).toMatch(/^[a-z0-9]{1,32}$/);
    expect(events.publish).toHaveBeenCalledWith({
      topic: 'k8s.clusters',
      eventPayload: { id: stored.id, action: 'upserted' },
    });
    expect(audited).toEqual([
      ['cluster.register', 'succeeded', expect.anything()],
    ]);
    expect(JSON.stringify(audited)).not.toContain('planted');
  });

  it('asks nothing of the cluster when it is not allowed', async () => {
    const { service, store, check, audited } = setUp({ allows: () => false });
    await expect(service.register(registration, contextOf())).rejects.toThrow(
      new NotAllowedError('Needs more for k8s.cluster.register'),
    );
    expect(check).not.toHaveBeenCalled();
    expect(store.add).not.toHaveBeenCalled();
    expect(audited[0].slice(0, 2)).toEqual([
      'cluster.register',
      'NotAllowedError',
    ]);
  });

  it('asks nothing of the cluster without a key', async () => {
    const { service, check } = setUp({ keys: false });
    await expect(service.register(registration, contextOf())).rejects.toThrow(
      /k8s\.encryption\.keys/,
    );
    expect(check).not.toHaveBeenCalled();
  });

  it('stores nothing when the check fails', async () => {
    const error = new InputError('The certificate has expired');
    const { service, store, events } = setUp({ checkError: error });
    await expect(service.register(registration, contextOf())).rejects.toBe(
      error,
    );
    expect(store.add).not.toHaveBeenCalled();
    expect(events.publish).not.toHaveBeenCalled();
  });

  it('refuses a cluster that is registered under another name', async () => {
    const { service } = setUp({ uid: 'uid-one' });
    await expect(
      service.register(registration, contextOf()),
    ).rejects.toMatchObject({ name: 'ConflictError' });
  });

  it.each<Record<string, string>>([
    { 'not a key': 'x' },
    { key: 'not/a/value' },
    { 'prefix/': 'x' },
  ])('refuses the labels %j', async labels => {
    const { service } = setUp();
    await expect(
      service.register({ ...registration, labels }, contextOf()),
    ).rejects.toMatchObject({ name: 'InputError' });
  });

  it('answers with what an earlier attempt of the same request stored', async () => {
    const { service, store, check } = setUp();
    store.findByMarker.mockResolvedValue(cluster);
    const context = contextOf({ idempotency: { marker: 'm', resumed: true } });
    expect(await service.register(registration, context)).toBe(cluster);
    expect(store.findByMarker).toHaveBeenCalledWith('m');
    expect(check).not.toHaveBeenCalled();
    expect(store.add).not.toHaveBeenCalled();
  });

  it('keeps the marker of its request', async () => {
    const { service, store } = setUp();
    const context = contextOf({ idempotency: { marker: 'm', resumed: false } });
    await service.register(registration, context);
    expect(store.add.mock.calls[0][2]).toEqual({ marker: 'm' });
    expect(store.findByMarker).not.toHaveBeenCalled();
  });

  it('succeeds although nobody can be told', async () => {
    const { service, events } = setUp();
    events.publish.mockRejectedValue(new Error('away'));
    await expect(
      service.register(registration, contextOf()),
    ).resolves.toMatchObject({ name: 'Two' });
  });

  it('notes that TLS is not checked', async () => {
    const { service, audited } = setUp();
    await service.register(
      { ...registration, skipTlsVerify: true },
      contextOf(),
    );
    expect(audited[0][2]).toMatchObject({ skipTlsVerify: true });
  });
});

describe('update', () => {
  it('keeps the credential when none is given', async () => {
    const { service, store, check } = setUp();
    await service.update('one', { name: 'Renamed' }, contextOf());
    expect(store.update).toHaveBeenCalledWith(
      expect.objectContaining({ name: 'Renamed', slug: 'one' }),
    );
    expect(check).not.toHaveBeenCalled();
  });

  it('refuses the credential of another cluster', async () => {
    const { service, store } = setUp({ uid: 'uid-two' });
    await expect(
      service.update('one', { token: 'new' }, contextOf()),
    ).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringMatching(/another cluster/),
    });
    expect(store.update).not.toHaveBeenCalled();
  });

  it('takes a new credential of the same cluster', async () => {
    const { service, store } = setUp({ uid: 'uid-one' });
    await service.update('one', { token: 'new' }, contextOf());
    expect(store.update).toHaveBeenCalledWith(
      expect.objectContaining({ id: 'one', credentialUser: 'portal' }),
      { type: 'token', token: 'new' },
    );
  });

  it.each([
    { server: 'https://evil.test' },
    { skipTlsVerify: true },
    { tlsServerName: 'evil.test' },
  ])('never sends the stored credential to %j', async change => {
    const { service, store, check } = setUp();
    await expect(
      service.update('one', change, contextOf()),
    ).rejects.toMatchObject({ name: 'InputError' });
    expect(check).not.toHaveBeenCalled();
    expect(store.update).not.toHaveBeenCalled();
  });

  it('needs the right on the cluster as it is', async () => {
    const { service, store } = setUp({
      allows: (permission, name) =>
        permission === 'k8s.cluster.read' || name !== 'One',
    });
    await expect(
      service.update('one', { name: 'Two' }, contextOf()),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(store.update).not.toHaveBeenCalled();
  });

  it('needs the right on the cluster as it will be', async () => {
    const { service, store } = setUp({
      allows: (permission, _, owner) =>
        permission === 'k8s.cluster.read' || owner === 'group:default/owners',
    });
    await expect(
      service.update('one', { owner: 'user:default/friend' }, contextOf()),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(store.update).not.toHaveBeenCalled();
  });

  it('does not tell a hidden cluster from none', async () => {
    const { service, audited } = setUp({ allows: () => false });
    const hidden = await service
      .update('one', { name: 'x' }, contextOf())
      .catch(error => error);
    const missing = await service
      .update('two', { name: 'x' }, contextOf())
      .catch(error => error);
    expect(hidden.name).toBe('NotFoundError');
    expect(hidden.message.replace('one', 'two')).toBe(missing.message);
    expect(audited).toEqual([]);
  });
});

describe('remove', () => {
  const dependents: Dependent[] = [
    { kind: 'entity', ref: 'component:default/shop', title: 'Shop' },
    { kind: 'entity', ref: '', title: '2 entities that you may not see' },
  ];

  it('refuses while something depends on it, with the list', async () => {
    const { service, store } = setUp({ dependents });
    const error = await service
      .remove('one', { isConfirmed: false }, contextOf())
      .catch(thrown => thrown);
    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toMatch(
      /component:default\/shop, 2 entities that you may not see/,
    );
    expect(hintsOf(error).details).toEqual({ dependents });
    expect(store.remove).not.toHaveBeenCalled();
  });

  it('removes it nevertheless when that is confirmed', async () => {
    const { service, store, events } = setUp({ dependents });
    await service.remove('one', { isConfirmed: true }, contextOf());
    expect(store.remove).toHaveBeenCalledWith('one');
    expect(events.publish).toHaveBeenCalledWith({
      topic: 'k8s.clusters',
      eventPayload: { id: 'one', action: 'removed' },
    });
  });

  it('needs the right, confirmed or not', async () => {
    const { service, store } = setUp({
      allows: permission => permission === 'k8s.cluster.read',
    });
    await expect(
      service.remove('one', { isConfirmed: true }, contextOf()),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(store.remove).not.toHaveBeenCalled();
  });

  it('is done when an earlier attempt of the same request did it', async () => {
    const { service } = setUp();
    const context = contextOf({ idempotency: { marker: 'm', resumed: true } });
    await expect(
      service.remove('gone', { isConfirmed: false }, context),
    ).resolves.toBeUndefined();
    await expect(
      service.remove('gone', { isConfirmed: false }, contextOf()),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
  });
});

describe('check', () => {
  it('needs the right to register', async () => {
    const { service, check } = setUp({ allows: () => false });
    await expect(
      service.check({ kubeconfig: '{}' }, contextOf()),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(check).not.toHaveBeenCalled();
  });

  it('is for whoever may register a cluster with some labels', async () => {
    // As of a cluster without labels it would be refused.
    const { service, check, access } = setUp({ allows: () => false });
    access.allowsSomeCluster = async () => true;
    await service.check(
      { server: 'https://two.test', token: 't' },
      contextOf(),
    );
    expect(check).toHaveBeenCalledTimes(1);
  });

  it('says that the cluster is registered', async () => {
    const { service } = setUp({ uid: 'uid-one' });
    const answer = await service.check(
      { server: 'https://two.test', token: 't' },
      contextOf(),
    );
    expect(answer.ok).toBe(false);
    expect(answer.steps[0]).toMatchObject({
      step: 'identity',
      outcome: 'failed',
    });
  });

  it('needs the right to change the cluster that is named', async () => {
    const { service, check } = setUp({
      allows: permission => permission === 'k8s.cluster.read',
    });
    await expect(
      service.check({ id: 'one', token: 't' }, contextOf()),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(check).not.toHaveBeenCalled();
  });

  it('says that it is another cluster', async () => {
    const { service } = setUp({ uid: 'uid-two' });
    const answer = await service.check({ id: 'one', token: 't' }, contextOf());
    expect(answer.ok).toBe(false);
  });
});
