import {
  selfSigned,
  testAuthority,
} from '../connection/__testUtils__/certificates';
import type { TestCertificate } from '../connection/__testUtils__/certificates';
import { ownAuthentications } from '../authentication/__testUtils__/ownAuthentications';
import { changedAccess as readChange } from './changedAccess';
import type { RegisteredCluster } from './ClusterStore';
import { credentialClaims } from './credentialClaims';
import { readClusterAccess as readAccess } from './readClusterAccess';
import type { GivenAccess } from './readClusterAccess';
import { readServer } from './readServer';

let ca: TestCertificate;
let client: TestCertificate;

beforeAll(async () => {
  const authority = await testAuthority();
  ca = authority;
  client = await authority.sign({ name: 'portal', days: 5 });
});

const authentications = ownAuthentications();
const readClusterAccess = (given: GivenAccess) =>
  readAccess(given, authentications);
const changedAccess = (
  cluster: RegisteredCluster,
  given: Parameters<typeof readChange>[1],
) => readChange(cluster, given, authentications);

const base64 = (text: string) => Buffer.from(text).toString('base64');

function kubeconfig(user: object, cluster: object = {}): string {
  return JSON.stringify({
    clusters: [
      { name: 'c', cluster: { server: 'https://one.test', ...cluster } },
    ],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  });
}

describe('readServer', () => {
  it.each([
    ['https://one.test', 'https://one.test'],
    ['https://ONE.test:443/', 'https://one.test'],
    ['https://one.test:6443//', 'https://one.test:6443'],
    ['https://one.test/k8s/clusters/c-1/', 'https://one.test/k8s/clusters/c-1'],
    ['https://[::1]:6443', 'https://[::1]:6443'],
    ['https://0x7f.1:6443', 'https://127.0.0.1:6443'],
  ])('reads %s', (text, server) => {
    expect(readServer(text, 'server')).toBe(server);
  });

  it.each([
    ['http://one.test', /https:\/\//],
    ['ftp://one.test', /https:\/\//],
    ['file:///etc/passwd', /https:\/\//],
    ['https://user:planted@one.test', /user or a password/],
    ['https://one.test/?planted', /query or a fragment/],
    ['https://one.test/#', /query or a fragment/],
    ['one.test', /not an address/],
    ['', /not an address/],
    [`https://${'a'.repeat(2050)}.test`, /not an address/],
    // Each becomes six characters.
    [`https://one.test/${'ä'.repeat(1000)}`, /too long/],
  ])('refuses %s', (text, why) => {
    expect(() => readServer(text, 'server')).toThrow(why);
    expect(() => readServer(text, 'server')).not.toThrow(/planted/);
  });
});

describe('readClusterAccess', () => {
  it('reads a server with a token and keeps of a CA only its certificates', () => {
    const access = readClusterAccess({
      server: 'https://one.test',
      token: ' token\n',
      caData: base64(`${ca.certificate}\n${ca.key}`),
    });
    expect(access.authentication).toEqual({ type: 'token', token: 'token' });
    expect(access.endpoint.caData).toContain('BEGIN CERTIFICATE');
    expect(access.endpoint.caData).not.toContain('PRIVATE KEY');
  });

  it('reads a client certificate and when it ends', () => {
    const { authentication } = readClusterAccess({
      kubeconfig: kubeconfig({
        'client-certificate-data': base64(client.certificate),
        'client-key-data': base64(client.key),
      }),
    });
    const { type, ...pair } = authentication;
    expect(type).toBe('clientCertificate');
    const { clientCertificate, clientKey } = pair;
    const { user, expiresAt = '' } = credentialClaims({
      clientCertificate,
      clientKey,
    });
    expect(user).toBe('portal');
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 86_400_000)).toBe(
      5,
    );
  });

  it('reads when a token ends', () => {
    const claims = base64(
      JSON.stringify({ sub: 'portal', exp: 1_800_000_000 }),
    );
    expect(credentialClaims({ token: `a.${claims}.b` })).toEqual({
      user: 'portal',
      expiresAt: '2027-01-15T08:00:00.000Z',
    });
    expect(credentialClaims({ token: 'opaque' })).toEqual({});
    // Years of five digits are no RFC 3339, and there is nothing before 1970.
    for (const exp of [253_402_300_800, 8.64e12, 1e300, -1, '1800000000']) {
      const other = base64(JSON.stringify({ sub: 'portal', exp }));
      expect(credentialClaims({ token: `a.${other}.b` })).toEqual({
        user: 'portal',
      });
    }
    expect(credentialClaims({ token: 'a.bm90anNvbg.b' })).toEqual({});
  });

  it.each<[string, () => GivenAccess, RegExp]>([
    ['nothing', () => ({}), /Give a kubeconfig, or/],
    ['no token', () => ({ server: 'https://one.test' }), /with a token/],
    [
      'both',
      () => ({ kubeconfig: kubeconfig({ token: 'a' }), token: 'planted' }),
      /either kubeconfig or token/,
    ],
    [
      'a token of two lines',
      () => ({ server: 'https://one.test', token: 'planted\r\nx: y' }),
      /token has to be one line of text/,
    ],
    [
      'a token with a space',
      () => ({ server: 'https://one.test', token: 'planted x' }),
      /token is not a token/,
    ],
    [
      'a token beside another authentication',
      () => ({
        server: 'https://one.test',
        token: 'planted',
        authentication: { strategy: 'token', fields: { token: 'planted' } },
      }),
      /either token or authentication/,
    ],
    [
      'an authentication without a server',
      () => ({
        authentication: { strategy: 'token', fields: { token: 'planted' } },
      }),
      /address of the API server/,
    ],
    [
      'an unknown authentication',
      () => ({
        server: 'https://one.test',
        authentication: { strategy: 'planted', fields: {} },
      }),
      /known are token, clientCertificate/,
    ],
    [
      'an authentication beside a kubeconfig',
      () => ({
        kubeconfig: kubeconfig({ token: 'a' }),
        authentication: { strategy: 'token', fields: { token: 'planted' } },
      }),
      /either kubeconfig or authentication/,
    ],
    [
      'no credential',
      () => ({ kubeconfig: kubeconfig({}) }),
      /users\[0\]\.user has no credential/,
    ],
    [
      'a certificate without its key',
      () => ({
        kubeconfig: kubeconfig({
          'client-certificate-data': base64(client.certificate),
        }),
      }),
      /has no credential/,
    ],
    [
      'two credentials',
      () => ({
        kubeconfig: kubeconfig({
          token: 'planted',
          'client-certificate-data': base64(client.certificate),
          'client-key-data': base64(client.key),
        }),
      }),
      /give one of them/,
    ],
    [
      'a CA that is none',
      () => ({
        kubeconfig: kubeconfig(
          { token: 'a' },
          { 'certificate-authority-data': base64('planted') },
        ),
      }),
      /certificate-authority-data is neither PEM nor base64/,
    ],
    [
      'a broken certificate',
      () => ({
        server: 'https://one.test',
        token: 'a',
        caData:
          '-----BEGIN CERTIFICATE-----\nplanted\n-----END CERTIFICATE-----',
      }),
      /caData holds a certificate that cannot be read/,
    ],
    [
      'a locked key',
      () => ({
        kubeconfig: kubeconfig({
          'client-certificate-data': base64(client.certificate),
          'client-key-data': base64(
            '-----BEGIN ENCRYPTED PRIVATE KEY-----\nplanted\n-----END ENCRYPTED PRIVATE KEY-----',
          ),
        }),
      }),
      /client-key-data is not a private key/,
    ],
    [
      'a TLS server name that is none',
      () => ({
        server: 'https://one.test',
        token: 'a',
        tlsServerName: 'planted name',
      }),
      /tlsServerName is not the name/,
    ],
    [
      'TLS checks skipped by the kubeconfig alone',
      () => ({
        kubeconfig: kubeconfig(
          { token: 'a' },
          { 'insecure-skip-tls-verify': true },
        ),
      }),
      /insecure-skip-tls-verify/,
    ],
  ])('refuses %s and repeats nothing', (_, given, why) => {
    expect(() => readClusterAccess(given())).toThrow(why);
    expect(() => readClusterAccess(given())).not.toThrow(/planted/);
  });

  it('reads what another strategy needs', () => {
    const { authentication } = readClusterAccess({
      server: 'https://one.test',
      authentication: {
        strategy: 'clientCertificate',
        fields: {
          clientCertificate: client.certificate,
          clientKey: base64(client.key),
        },
      },
    });
    expect(authentication.type).toBe('clientCertificate');
    expect(authentication.clientKey).toContain('BEGIN PRIVATE KEY');
  });

  it("refuses a key that is another certificate's", async () => {
    const other = await selfSigned({ name: 'other' });
    expect(() =>
      readClusterAccess({
        kubeconfig: kubeconfig({
          'client-certificate-data': base64(client.certificate),
          'client-key-data': base64(other.key),
        }),
      }),
    ).toThrow(/does not belong to/);
  });

  it('skips TLS checks when that is asked for', () => {
    const given = kubeconfig(
      { token: 'a' },
      { 'insecure-skip-tls-verify': true },
    );
    const { endpoint } = readClusterAccess({
      kubeconfig: given,
      skipTlsVerify: true,
    });
    expect(endpoint.skipTlsVerify).toBe(true);
  });
});

describe('changedAccess', () => {
  const cluster = {
    endpoint: { server: 'https://one.test', skipTlsVerify: false },
  } as RegisteredCluster;

  it.each([
    {},
    { name: 'other' },
    { server: 'https://ONE.test/' },
    { skipTlsVerify: false },
  ])('is none for %j', change => {
    expect(changedAccess(cluster, change)).toBeUndefined();
  });

  it.each([
    { server: 'https://evil.test' },
    { skipTlsVerify: true },
    { tlsServerName: 'evil.test' },
  ])('needs the credential again for %j', change => {
    expect(() => changedAccess(cluster, change)).toThrow(
      /needs the credential again/,
    );
  });

  it('keeps the endpoint for another way to sign in', () => {
    const fields = { token: 'new' };
    expect(
      changedAccess(cluster, { authentication: { strategy: 'token', fields } }),
    ).toMatchObject({
      endpoint: cluster.endpoint,
      authentication: { type: 'token', token: 'new' },
    });
  });

  it('keeps the endpoint for a new token', () => {
    expect(changedAccess(cluster, { token: 'new' })).toMatchObject({
      endpoint: cluster.endpoint,
      authentication: { type: 'token', token: 'new' },
    });
  });
});
