import { mockServices } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import type { Knex } from 'knex';
import { storeDatabases } from '../database/__testUtils__/storeDatabases';
import { hintsOf } from '../errors/answerHints';
import { requestContext } from '../router/__testUtils__/requestContext';
import { DatabaseIdempotencyStore } from './DatabaseIdempotencyStore';
import { DefaultIdempotencyKeys, markerOf } from './DefaultIdempotencyKeys';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
const TABLE = 'idempotency_keys';
const databases = storeDatabases();

function instanceOn(database: Knex) {
  return new DefaultIdempotencyKeys({
    store: new DatabaseIdempotencyStore({ database, keepMs: DAY_MS }),
    logger: mockServices.logger.mock(),
  });
}

const REQUEST = { key: 'key-1', fingerprint: 'a' };
const DONE = { status: 200, body: { name: 'shop', status: 'Active' } };

describe.each(databases.ids)('idempotency keys on %s', id => {
  let database: Knex;
  let keys: DefaultIdempotencyKeys;
  beforeEach(async () => {
    database = await databases.open(id);
    keys = instanceOn(database);
  });

  it('works again on what was not the last word, although it was a success', async () => {
    const work = jest
      .fn()
      .mockResolvedValueOnce({ ...DONE, isProvisional: true })
      .mockResolvedValue(DONE);
    await keys.run(REQUEST, requestContext(), work);
    await keys.run(REQUEST, requestContext(), work);
    await keys.run(REQUEST, requestContext(), work);
    expect(work).toHaveBeenCalledTimes(2);
    const [, [second]] = work.mock.calls;
    expect(second.idempotency.resumed).toBe(true);
  });

  it('does nothing when the database is away', async () => {
    const work = jest.fn();
    await database.destroy();
    await expect(keys.run(REQUEST, requestContext(), work)).rejects.toThrow(
      ServiceUnavailableError,
    );
    expect(work).not.toHaveBeenCalled();
  });

  it('does twenty equal requests on two instances once', async () => {
    const instances = [keys, instanceOn(database)];
    let finish = () => {};
    const finished = new Promise<void>(resolve => {
      finish = resolve;
    });
    const work = jest.fn(async () => {
      await finished;
      return DONE;
    });
    const refused: Error[] = [];
    const results = Array.from({ length: 20 }, (_, index) =>
      instances[index % 2].run(REQUEST, requestContext(), work).then(
        answer => answer.status,
        error => {
          // The last one that is refused lets the first one end.
          refused.push(error);
          if (refused.length === 19) finish();
          return error.name;
        },
      ),
    );
    const outcomes = await Promise.all(results);
    expect(work).toHaveBeenCalledTimes(1);
    expect(outcomes.filter(outcome => outcome === 200)).toHaveLength(1);
    expect(outcomes.filter(name => name === 'ConflictError')).toHaveLength(19);
    expect(hintsOf(refused[0]).retryAfterSeconds).toBeGreaterThan(0);
  });

  it('answers again what it answered', async () => {
    const work = jest.fn(async () => ({ ...DONE, headers: { Etag: '1' } }));
    const first = await keys.run(REQUEST, requestContext(), work);
    const again = await keys.run(REQUEST, requestContext(), work);
    expect(again).toEqual(first);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('keeps the refusal of what is wrong in itself', async () => {
    const work = jest.fn(async () => ({ status: 400, body: { error: {} } }));
    await keys.run(REQUEST, requestContext(), work);
    const again = await keys.run(REQUEST, requestContext(), work);
    expect(again.status).toBe(400);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('refuses another request under the same key', async () => {
    await keys.run(REQUEST, requestContext(), async () => DONE);
    const other = keys.run(
      { ...REQUEST, fingerprint: 'b' },
      requestContext(),
      async () => DONE,
    );
    await expect(other).rejects.toMatchObject({
      name: 'UnprocessableContentError',
      statusCode: 422,
    });
  });

  it('keeps users and services with one name apart', async () => {
    const work = jest.fn(async () => DONE);
    await keys.run(REQUEST, requestContext(), work);
    await keys.run(REQUEST, requestContext({ user: 'user:default/joe' }), work);
    await keys.run(
      REQUEST,
      requestContext({
        principal: { type: 'service', ref: 'user:default/jane' },
      }),
      work,
    );
    expect(work).toHaveBeenCalledTimes(3);
  });

  it.each([500, 503, 401, 403, 429])(
    'does a request again that ended with %d, and says that it was tried',
    async status => {
      await keys.run(REQUEST, requestContext(), async () => ({
        status,
        body: {},
      }));
      const resumed = await keys.run(
        REQUEST,
        requestContext(),
        async context => ({
          status: 200,
          body: context.idempotency,
        }),
      );
      expect(resumed.body).toEqual({
        marker: markerOf(requestContext(), REQUEST.key),
        resumed: true,
      });
    },
  );

  it.each([404, 409])(
    'does a request again that was answered %s, as if it had never been tried',
    async status => {
      const work = jest
        .fn()
        .mockResolvedValueOnce({ status, body: {} })
        .mockResolvedValue(DONE);
      await keys.run(REQUEST, requestContext(), work);
      expect(await keys.run(REQUEST, requestContext(), work)).toEqual(DONE);
      const [, [second]] = work.mock.calls;
      expect(second.idempotency.resumed).toBe(false);
    },
  );

  it.each([404, 409])(
    'does not forget for a later %s that the answer of an attempt was lost',
    async status => {
      const work = jest
        .fn()
        .mockResolvedValueOnce({ status: 503, body: {} })
        .mockResolvedValueOnce({ status, body: {} })
        .mockResolvedValue(DONE);
      await keys.run(REQUEST, requestContext(), work);
      await keys.run(REQUEST, requestContext(), work);
      await keys.run(REQUEST, requestContext(), work);
      const [, , [third]] = work.mock.calls;
      expect(third.idempotency.resumed).toBe(true);
    },
  );

  it('takes over from an instance that died, once', async () => {
    await keys.run(REQUEST, requestContext(), async () => DONE);
    await database(TABLE).update({
      state: 'running',
      lease_until: 1,
      status: null,
      answer: null,
    });
    const work = jest.fn(async context => ({
      status: 200,
      body: { resumed: context.idempotency?.resumed },
    }));
    const outcomes = await Promise.allSettled(
      [keys, instanceOn(database)].map(one =>
        one.run(REQUEST, requestContext(), work),
      ),
    );
    expect(work).toHaveBeenCalledTimes(1);
    expect(outcomes).toContainEqual({
      status: 'fulfilled',
      value: { status: 200, body: { resumed: true } },
    });
    const [row] = await database(TABLE);
    expect(Number(row.epoch)).toBe(2);
  });

  it('an instance that was taken over keeps no answer', async () => {
    await keys.run(REQUEST, requestContext(), async () => {
      await database(TABLE).update({ epoch: 7 });
      return DONE;
    });
    const [row] = await database(TABLE);
    expect(row).toMatchObject({ state: 'running', answer: null });
  });

  it('forgets after a day', async () => {
    const work = jest.fn(async () => DONE);
    await keys.run(REQUEST, requestContext(), work);
    await database(TABLE).update({ created_at: Date.now() - DAY_MS - 1000 });
    await keys.run({ ...REQUEST, fingerprint: 'b' }, requestContext(), work);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('prunes what is old and nothing else', async () => {
    const store = new DatabaseIdempotencyStore({ database, keepMs: DAY_MS });
    await keys.run(REQUEST, requestContext(), async () => DONE);
    expect(await store.prune(DAY_MS)).toBe(0);
    await database(TABLE).update({ created_at: 1 });
    expect(await store.prune(DAY_MS)).toBe(1);
  });

  it('keeps neither the key nor who sent it in the clear', async () => {
    await keys.run(
      { key: 'secret-key', fingerprint: 'a' },
      requestContext(),
      async () => DONE,
    );
    const text = JSON.stringify(await database(TABLE));
    expect(text).not.toContain('secret-key');
    expect(text).not.toContain('jane');
  });
});
