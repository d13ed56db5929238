import { mockServices } from '@backstage/backend-test-utils';
import {
  ConflictError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { Knex } from 'knex';
import { storeDatabases } from '../database/__testUtils__/storeDatabases';
import { requestContext } from '../router/__testUtils__/requestContext';
import { DatabaseAuditStore } from './DatabaseAuditStore';
import { DefaultAuditLog } from './DefaultAuditLog';

jest.setTimeout(60_000);

const databases = storeDatabases();

const INTENT = {
  action: 'deployment.scale',
  cluster: { id: 'c1', name: 'dev-eu' },
  resource: {
    group: 'apps',
    plural: 'deployments',
    namespace: 'shop',
    name: 'payments',
  },
  details: { replicas: 3 },
};

describe.each(databases.ids)('audit log on %s', id => {
  let database: Knex;
  let store: DatabaseAuditStore;
  let audit: DefaultAuditLog;
  const logger = mockServices.logger.mock();
  const event = { success: jest.fn(), fail: jest.fn() };
  const auditor = mockServices.auditor.mock();
  const entries = async () =>
    (await store.list({ scope: 'all', limit: 100 })).entries;

  beforeEach(async () => {
    jest.clearAllMocks();
    event.success.mockResolvedValue(undefined);
    event.fail.mockResolvedValue(undefined);
    auditor.createEvent.mockResolvedValue(event);
    database = await databases.open(id);
    store = new DatabaseAuditStore(database);
    audit = new DefaultAuditLog({ store, auditor, logger });
  });

  it('changes nothing when the intent cannot be written', async () => {
    await database.destroy();
    const work = jest.fn();
    await expect(audit.change(INTENT, requestContext(), work)).rejects.toThrow(
      ServiceUnavailableError,
    );
    expect(work).not.toHaveBeenCalled();
    expect(auditor.createEvent).not.toHaveBeenCalled();
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it('changes nothing once the request was given up while the intent was written', async () => {
    const givenUp = new AbortController();
    const reason = new ServiceUnavailableError('It took too long');
    const slow = {
      add: async (entry: Parameters<typeof store.add>[0]) => {
        await store.add(entry);
        givenUp.abort(reason);
      },
      complete: store.complete.bind(store),
    } as DatabaseAuditStore;
    const work = jest.fn();
    await expect(
      new DefaultAuditLog({ store: slow, auditor, logger }).change(
        INTENT,
        requestContext({ signal: givenUp.signal }),
        work,
      ),
    ).rejects.toBe(reason);
    expect(work).not.toHaveBeenCalled();
    expect(await entries()).toMatchObject([
      { outcome: 'failed', reason: 'It took too long' },
    ]);
  });

  it('has an entry also for a kind whose name leaves no room', async () => {
    const action = `${'k'.repeat(63)}.unsuspend`;
    await audit.change({ ...INTENT, action }, requestContext(), async () => {});
    const [entry] = await entries();
    expect(entry.outcome).toBe('succeeded');
    expect(entry.action).toBe(`${'k'.repeat(54)}.unsuspend`);
  });

  it('keeps what was done, and says when it cannot', async () => {
    const context = requestContext();
    await audit.record({ ...INTENT, action: 'terminal.input' }, context);
    expect(context.audit.recorded).toBe(true);
    expect(await entries()).toMatchObject([
      {
        actor: 'user:default/jane',
        action: 'terminal.input',
        outcome: 'succeeded',
        details: INTENT.details,
      },
    ]);
    await database.destroy();
    await expect(audit.record(INTENT, requestContext())).rejects.toThrow(
      ServiceUnavailableError,
    );
  });

  it('has an entry while the work is done', async () => {
    const context = requestContext();
    await audit.change(INTENT, context, async () => {
      expect(context.audit.recorded).toBe(true);
      expect(await entries()).toMatchObject([{ outcome: 'pending' }]);
    });
    expect(await entries()).toEqual([
      {
        id: expect.any(String),
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        actor: 'user:default/jane',
        action: 'deployment.scale',
        outcome: 'succeeded',
        cluster: 'c1',
        clusterName: 'dev-eu',
        resource: INTENT.resource,
        details: { replicas: 3 },
        durationMs: expect.any(Number),
        requestId: context.requestId,
      },
    ]);
    expect(event.success).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['refused', new NotAllowedError('This needs the role K8sAdmin')],
    ['failed', new ConflictError('It was changed meanwhile')],
    ['failed', new Error('The API server said no')],
  ])('keeps that work was %s, and why', async (outcome, error) => {
    const work = async () => {
      throw error;
    };
    await expect(audit.change(INTENT, requestContext(), work)).rejects.toBe(
      error,
    );
    expect(await entries()).toMatchObject([{ outcome, reason: error.message }]);
    expect(event.fail).toHaveBeenCalledTimes(1);
  });

  it('answers the change, and logs loudly, when its end cannot be written', async () => {
    jest.spyOn(store, 'complete').mockRejectedValue(new Error('away'));
    const value = await audit.change(INTENT, requestContext(), async () => 7);
    expect(value).toBe(7);
    expect(store.complete).toHaveBeenCalledTimes(4);
    expect(logger.error).toHaveBeenCalledTimes(1);
    expect(await entries()).toMatchObject([{ outcome: 'pending' }]);
  });

  it('writes the end when the database comes back soon', async () => {
    jest.spyOn(store, 'complete').mockRejectedValueOnce(new Error('away'));
    await audit.change(INTENT, requestContext(), async () => 7);
    expect(await entries()).toMatchObject([{ outcome: 'succeeded' }]);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('does not fail with the auditor', async () => {
    auditor.createEvent.mockRejectedValue(new Error('broken'));
    await audit.change(INTENT, requestContext(), async () => 7);
    expect(await entries()).toMatchObject([{ outcome: 'succeeded' }]);
  });

  it('keeps a refusal of somebody without a token', async () => {
    const context = requestContext({
      principal: { type: 'anonymous', ref: 'anonymous' },
    });
    await audit.refused(INTENT, context, new NotAllowedError('No token'));
    expect(await entries()).toMatchObject([
      { actor: 'anonymous', outcome: 'refused', reason: 'No token' },
    ]);
  });

  it('does not keep somebody waiting who is refused when the database says nothing', async () => {
    const hanging = { add: () => new Promise(() => {}) };
    await new DefaultAuditLog({
      store: hanging as unknown as DatabaseAuditStore,
      auditor,
      logger,
    }).refused(INTENT, requestContext(), new NotAllowedError('No'));
    expect(logger.error).toHaveBeenCalledWith(
      'A refusal is not audited',
      expect.objectContaining({ actor: 'user:default/jane' }),
    );
  });

  it('cannot be filled by somebody without a token', async () => {
    const context = requestContext({
      principal: { type: 'anonymous', ref: 'anonymous' },
    });
    for (let count = 0; count < 70; count++) {
      await audit.refused(INTENT, context, new NotAllowedError('No token'));
    }
    expect(await entries()).toHaveLength(60);
  });

  it('keeps no secrets and no novels', async () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(40)}`;
    const error = new Error(
      `Authorization: Bearer ${token} was refused ${'x'.repeat(10_000)}`,
    );
    await expect(
      audit.change(
        { ...INTENT, details: { image: 'a'.repeat(9000), note: token } },
        requestContext(),
        async () => {
          throw error;
        },
      ),
    ).rejects.toBe(error);
    const [entry] = await entries();
    expect(entry.reason!.length).toBeLessThanOrEqual(500);
    expect(JSON.stringify(entry.details).length).toBeLessThanOrEqual(4096);
    expect(JSON.stringify(entry)).not.toContain('eyJhbGci');
  });

  it('forgets what is older than the retention', async () => {
    await audit.change(INTENT, requestContext(), async () => 7);
    expect(await store.prune(1000 * 60)).toBe(0);
    await database('audit_entries').update({ at: 1 });
    expect(await store.prune(1000 * 60)).toBe(1);
  });
});
