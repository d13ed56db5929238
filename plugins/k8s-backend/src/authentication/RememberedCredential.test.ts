import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import { clusterFailureOf } from '../errors/clusterErrors';
import { credentialError, RememberedCredential } from './RememberedCredential';

const LIFE_MS = 100_000;
let now: number;
let asked: number;
/** What the next questions are answered with; a question without one waits for `answer`. */
let next: (() => Promise<ClusterCredential>) | undefined;

const ending = (token: string): ClusterCredential => ({
  token,
  expiresAt: new Date(now + LIFE_MS).toISOString(),
});

function setUp(first?: () => Promise<ClusterCredential>) {
  next = first;
  return new RememberedCredential({
    now: () => now,
    ask: async () => {
      asked += 1;
      return next ? next() : ending(`token-${asked}`);
    },
  });
}

const fails = (message: string) => async () => {
  throw credentialError(message);
};
/** Lets what was begun aside come to its end. */
const settle = () => new Promise(resolve => setImmediate(resolve));

beforeEach(() => {
  now = Date.parse('2026-01-01T00:00:00Z');
  asked = 0;
  next = undefined;
});

describe('current', () => {
  it('asks once for many who wait, and no more while it is good', async () => {
    const source = setUp();
    const all = await Promise.all([1, 2, 3].map(() => source.current()));
    expect(
      new Set(all.map(credential => JSON.stringify(credential))).size,
    ).toBe(1);
    now += LIFE_MS / 2;
    await source.current();
    expect(asked).toBe(1);
  });

  it('is renewed before it ends, and nobody waits for that', async () => {
    const source = setUp();
    await source.current();
    now += LIFE_MS * 0.85;
    expect(await source.current()).toMatchObject({ token: 'token-1' });
    await settle();
    expect(await source.current()).toMatchObject({ token: 'token-2' });
    expect(asked).toBe(2);
  });

  it('serves the old one while it is good although it cannot be renewed, says so, and recovers', async () => {
    const source = setUp();
    await source.current();
    expect(source.problem).toBeUndefined();
    now += LIFE_MS * 0.85;
    next = fails('The issuer is away');
    expect(await source.current()).toMatchObject({ token: 'token-1' });
    await settle();
    expect(await source.current()).toMatchObject({ token: 'token-1' });
    await settle();
    expect(source.problem).toBe('The issuer is away');
    // Not asked again at once.
    expect(asked).toBe(2);
    next = undefined;
    now += 6_000;
    await source.current();
    await settle();
    expect(source.problem).toBeUndefined();
    expect(await source.current()).toMatchObject({ token: 'token-3' });
  });

  it('fails closed when the old one has ended, without asking for each request', async () => {
    const source = setUp();
    await source.current();
    now += LIFE_MS;
    next = fails('The issuer is away');
    for (let request = 0; request < 5; request++) {
      const failure = await source.current().catch(error => error);
      expect(failure.message).toBe('The issuer is away');
      expect(failure.name).toBe('ServiceUnavailableError');
      expect(clusterFailureOf(failure)?.cause).toBe('credential');
    }
    expect(asked).toBe(2);
  });

  it('refuses one that has ended already', async () => {
    const source = setUp(async () => ({
      token: 't',
      expiresAt: new Date(now - 1).toISOString(),
    }));
    await expect(source.current()).rejects.toThrow(/compare the clocks/);
  });

  it('keeps one without an end', async () => {
    const source = setUp(async () => ({ token: 'fixed' }));
    await source.current();
    now += 1e12;
    expect(await source.current()).toEqual({ token: 'fixed' });
    expect(asked).toBe(1);
  });

  it('ends with who waits, and the question goes on for the others', async () => {
    let answer: (credential: ClusterCredential) => void = () => {};
    const source = setUp(
      () =>
        new Promise(resolve => {
          answer = resolve;
        }),
    );
    const caller = new AbortController();
    const left = source.current({ signal: caller.signal });
    const stays = source.current();
    caller.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    answer({ token: 'late' });
    expect(await stays).toEqual({ token: 'late' });
    expect(asked).toBe(1);
  });

  it('tells who waited as long as they may that there is none yet', async () => {
    const source = setUp(() => new Promise(() => {}));
    const failure = await source.current({ timeoutMs: 20 }).catch(e => e);
    expect(failure.message).toMatch(/no credential for the cluster yet/);
    expect(clusterFailureOf(failure)?.cause).toBe('credential');
    source.close();
  });

  it('is over when it is closed', async () => {
    const source = setUp(() => new Promise(() => {}));
    const waiting = source.current();
    source.close();
    await expect(waiting).rejects.toThrow(/changed or removed meanwhile/);
  });
});

describe('instead of a refused one', () => {
  it('asks once for many', async () => {
    const source = setUp();
    const refused = await source.current();
    const others = await Promise.all(
      [1, 2, 3].map(() => source.instead(refused)),
    );
    expect(
      others.every(other => 'token' in other! && other.token === 'token-2'),
    ).toBe(true);
    // Who was refused with the first one a moment later uses the second.
    expect(await source.instead(refused)).toMatchObject({ token: 'token-2' });
    expect(asked).toBe(2);
  });

  it('is none where the answer is the same', async () => {
    const source = setUp(async () => ({ token: 'fixed' }));
    const refused = await source.current();
    expect(await source.instead(refused)).toBeUndefined();
    expect(await source.instead(refused)).toBeUndefined();
    // A cluster that refuses everything does not flood the issuer.
    expect(asked).toBe(2);
    now += 31_000;
    await source.instead(refused);
    expect(asked).toBe(3);
  });

  it('is not looked for again and again where the new one is refused, too', async () => {
    const source = setUp();
    const first = await source.current();
    const second = await source.instead(first);
    expect(await source.instead(second!)).toBeUndefined();
    expect(asked).toBe(2);
  });

  it('says why there is none', async () => {
    const source = setUp();
    const refused = await source.current();
    next = fails('The issuer is away');
    await expect(source.instead(refused)).rejects.toThrow('The issuer is away');
  });
});
