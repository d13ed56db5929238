import { InputError, NotAllowedError } from '@backstage/errors';
import type {
  ClusterAuthenticationStrategy,
  ClusterCredential,
} from '@backstage-k8s/plugin-k8s-node';
import { testAuthority } from '../connection/__testUtils__/certificates';
import { clusterFailureOf } from '../errors/clusterErrors';
import { ClusterAuthentications } from './ClusterAuthentications';

const SECRET = 'planted-secret';
const label = (field: string) => `authentication.fields.${field}`;
const target = { id: 'c1', endpoint: { server: 'https://one.test' } };

/** A module's strategy, as little as it can be. */
const PORTER: ClusterAuthenticationStrategy = {
  id: 'porter',
  title: { en: 'Porter' },
  fields: [
    {
      name: 'gate',
      title: { en: 'Gate' },
      options: [{ value: 'north', title: { en: 'North' } }],
    },
    { name: 'password', title: { en: 'Password' }, secret: true },
    { name: 'note', title: { en: 'Note' }, optional: true },
    { name: 'key', title: { en: 'Key' }, optional: true, multiline: true },
  ],
  credential: async ({ fields }) => ({ token: `for-${fields.gate}` }),
};
const given = { gate: 'north', password: SECRET };

function setUp(...strategies: ClusterAuthenticationStrategy[]) {
  const warn = jest.fn();
  const authentications = new ClusterAuthentications({
    strategies,
    logger: { warn },
    now: () => Date.now(),
  });
  return { authentications, warn };
}

describe('strategies', () => {
  it('are ours, then those of modules', () => {
    const { authentications } = setUp(PORTER);
    expect(authentications.list().map(({ id }) => id)).toEqual([
      'token',
      'clientCertificate',
      'porter',
    ]);
  });

  it.each([
    ['one of our ids', { ...PORTER, id: 'token' }, /have the id 'token'/],
    ['an id with a dash', { ...PORTER, id: 'a-b' }, /needs an id/],
    ['a long id', { ...PORTER, id: 'a'.repeat(33) }, /needs an id/],
    ['no title', { ...PORTER, title: { en: '' } }, /needs a title/],
    [
      'a field called type',
      { ...PORTER, fields: [{ name: 'type', title: { en: 'Type' } }] },
      /has a field whose name/,
    ],
    [
      'two fields of one name',
      { ...PORTER, fields: [PORTER.fields[0], PORTER.fields[0]] },
      /two fields called gate/,
    ],
  ])('refuse one with %s when the portal starts', (_, strategy, why) => {
    expect(() => setUp(strategy)).toThrow(why);
  });
});

describe('what is stored', () => {
  it('is what was given, with the strategy', () => {
    const { authentications } = setUp(PORTER);
    expect(
      authentications.read(
        'porter',
        { ...given, gate: ' north ', note: ' ', key: 'a\nb\n' },
        { label },
      ),
    ).toEqual({ type: 'porter', ...given, key: 'a\nb\n' });
  });

  it('is what the strategy makes of it', () => {
    const { authentications } = setUp({
      ...PORTER,
      read: fields => ({ ...fields, gate: 'south' }),
    });
    expect(authentications.read('porter', given, { label })).toMatchObject({
      gate: 'south',
    });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a field that is missing', { gate: 'north' }, /password is missing/],
    ['an empty field', { ...given, password: ' ' }, /password is missing/],
    [
      'another value than the options',
      { ...given, gate: SECRET },
      /one of nor/,
    ],
    [
      'an unknown field',
      { ...given, other: SECRET },
      /field that is not known/,
    ],
    [
      'a prototype',
      JSON.parse(`{"__proto__": "${SECRET}", "gate": "north"}`),
      /field that is not known/,
    ],
    [
      'two lines',
      { ...given, note: `a\n${SECRET}` },
      /note has to be one line/,
    ],
    ['too much', { ...given, note: SECRET.repeat(2000) }, /note is too long/],
  ])('is refused with %s, which is not repeated', (_, fields, why) => {
    const { authentications } = setUp(PORTER);
    const read = () => authentications.read('porter', fields, { label });
    expect(read).toThrow(InputError);
    expect(read).toThrow(why);
    expect(read).not.toThrow(SECRET);
  });

  it('is refused for a strategy that is not there', () => {
    const { authentications } = setUp();
    expect(() => authentications.read('porter', given, { label })).toThrow(
      /known are token, clientCertificate/,
    );
  });
});

describe('a credential', () => {
  const failureOf = async (
    credential: ClusterAuthenticationStrategy['credential'],
  ) => {
    const { authentications, warn } = setUp({ ...PORTER, credential });
    const source = authentications.source({ type: 'porter', ...given }, target);
    const failure = await source.current().catch(error => error);
    expect(clusterFailureOf(failure)?.cause).toBe('credential');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(
      'A credential for a cluster cannot be had',
      { cluster: 'c1', strategy: 'porter', error: failure.message },
    );
    expect(JSON.stringify([failure.message, warn.mock.calls])).not.toContain(
      SECRET,
    );
    return failure.message;
  };

  it('is made of what was stored', async () => {
    const { authentications } = setUp(PORTER);
    const source = authentications.source({ type: 'porter', ...given }, target);
    expect(await source.current()).toEqual({ token: 'for-north' });
  });

  it('is a certificate with its own key', async () => {
    const authority = await testAuthority();
    const one = await authority.sign({ name: 'one' });
    const other = await authority.sign({ name: 'other' });
    const { authentications } = setUp();
    const source = authentications.source(
      {
        type: 'clientCertificate',
        clientCertificate: one.certificate,
        clientKey: one.key,
      },
      target,
    );
    expect(await source.current()).toHaveProperty('clientKey');
    expect(
      await failureOf(async () => ({
        clientCertificate: one.certificate,
        clientKey: other.key,
      })),
    ).toMatch(/the key does not belong to the certificate/);
  });

  it.each<[string, ClusterCredential, RegExp]>([
    ['no token', { token: '' }, /it is not a token/],
    ['a token of two lines', { token: 'a\r\nb: c' }, /it is not a token/],
    ['an end that is no time', { token: 'a', expiresAt: 'soon' }, /not a time/],
    [
      'a certificate that is none',
      { clientCertificate: 'x', clientKey: 'y' },
      /certificate is neither PEM nor base64/,
    ],
  ])('is not used where it is %s', async (_, made, why) => {
    expect(await failureOf(async () => made)).toMatch(why);
  });

  it('tells what the strategy says, without what the secret fields hold', async () => {
    const message = await failureOf(async () => {
      throw new NotAllowedError(`The porter does not know ${SECRET} at all`);
    });
    expect(message).toBe(
      'The portal cannot sign in to the cluster (Porter): The porter does not know [secret] at all',
    );
  });

  it('tells nothing of errors that are not meant to be shown', async () => {
    expect(
      await failureOf(async () => {
        throw new TypeError('internal');
      }),
    ).toBe('The portal cannot sign in to the cluster (Porter)');
  });

  it('cannot be had when the module is gone', () => {
    const { authentications } = setUp();
    const source = () =>
      authentications.source({ type: 'porter', ...given }, target);
    expect(source).toThrow(/'porter', which no installed module offers/);
    expect(source).not.toThrow(SECRET);
  });
});
