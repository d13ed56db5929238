import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strategyConformance } from '@backstage-k8s/plugin-k8s-node';
import { mockServices } from '@backstage/backend-test-utils';
import { OAuthClientStrategy } from './OAuthClientStrategy';
import { readIssuers } from './readIssuers';

const SECRET = 'pl&nted secret:%';
const NOW = Date.parse('2026-01-01T00:00:00Z');

let folder: string;
let ca: string;
let server: Server;
let answer: (response: ServerResponse) => void;
const asked: { headers: IncomingHttpHeaders; form: URLSearchParams }[] = [];

const json = (status: number, body: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};
const jwt = (claims: object) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oauth-'));
  const [cert, key] = ['cert.pem', 'key.pem'].map(name => join(folder, name));
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt'],
      ...['ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=issuer'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'],
      ...['-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  ca = readFileSync(cert, 'utf8');
  server = createServer(
    { cert: ca, key: readFileSync(key, 'utf8') },
    (request, response) => {
      let text = '';
      request.on('data', piece => {
        text += piece;
      });
      request.on('end', () => {
        asked.push({
          headers: request.headers,
          form: new URLSearchParams(text),
        });
        answer(response);
      });
    },
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  asked.length = 0;
  answer = json(200, { access_token: 'the-token', expires_in: 600 });
});

function issuersOf(...issuers: object[]) {
  return readIssuers(
    mockServices.rootConfig({ data: { k8s: { oauth: { issuers } } } as never }),
  );
}

function strategyWith(issuer: object = {}) {
  const { port } = server.address() as AddressInfo;
  const tokenUrl = `https://127.0.0.1:${port}/token`;
  return new OAuthClientStrategy({
    issuers: issuersOf({ id: 'one', tokenUrl, ca, ...issuer }),
    now: () => NOW,
  });
}

const ask = (
  strategy: OAuthClientStrategy,
  fields: Record<string, string> = {},
  signal = new AbortController().signal,
) =>
  strategy.credential({
    fields: {
      issuer: 'one',
      clientId: 'portal',
      clientSecret: SECRET,
      ...fields,
    },
    cluster: { server: 'https://cluster' },
    signal,
  });

describe('as every strategy', () => {
  const cases = strategyConformance({
    strategy: () => strategyWith(),
    fields: () => ({
      ...{ issuer: 'one', clientId: 'portal', clientSecret: SECRET },
    }),
    refuse: () => {
      answer = json(401, { error: 'invalid_client' });
    },
    silence: () => {
      answer = () => {};
    },
  });
  it.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

it('asks for a token as a client, with id and secret in the header', async () => {
  expect(await ask(strategyWith({ scope: 'kube', audience: 'api' }))).toEqual({
    token: 'the-token',
    expiresAt: '2026-01-01T00:10:00.000Z',
  });
  const [{ headers, form }] = asked;
  expect(Object.fromEntries(form)).toEqual({
    grant_type: 'client_credentials',
    scope: 'kube',
    audience: 'api',
  });
  const [kind, pair] = String(headers.authorization).split(' ');
  expect(kind).toBe('Basic');
  expect(Buffer.from(pair, 'base64').toString()).toBe(
    'portal:pl%26nted+secret%3A%25',
  );
});

it('sends id and secret in the form where the issuer wants that, and the scope of the cluster', async () => {
  const strategy = strategyWith({ clientAuthentication: 'body', scope: 'a' });
  await ask(strategy, { scope: 'b' });
  const [{ headers, form }] = asked;
  expect(headers.authorization).toBeUndefined();
  expect(Object.fromEntries(form)).toEqual({
    grant_type: 'client_credentials',
    scope: 'b',
    client_id: 'portal',
    client_secret: SECRET,
  });
});

it.each([
  ['says nothing', { access_token: 'opaque' }, '2026-01-01T00:05:00.000Z'],
  [
    'says it in the token',
    { access_token: jwt({ exp: NOW / 1000 + 60 }) },
    '2026-01-01T00:01:00.000Z',
  ],
  [
    'says both',
    { access_token: jwt({ exp: NOW / 1000 + 60 }), expires_in: 3600 },
    '2026-01-01T00:01:00.000Z',
  ],
  [
    'says something odd',
    { access_token: 'a', expires_in: 'x' },
    '2026-01-01T00:05:00.000Z',
  ],
])('knows when a token ends where the answer %s', async (_, body, end) => {
  answer = json(200, body);
  expect(await ask(strategyWith())).toMatchObject({ expiresAt: end });
});

it('takes the id token where the API server wants that one', async () => {
  const token = jwt({ exp: NOW / 1000 + 60 });
  answer = json(200, { access_token: 'a', expires_in: 9, id_token: token });
  expect(await ask(strategyWith({ token: 'id_token' }))).toEqual({
    token,
    expiresAt: '2026-01-01T00:01:00.000Z',
  });
});

it.each<[string, (response: ServerResponse) => void, RegExp]>([
  [
    'a refusal',
    json(401, { error: 'invalid_client', error_description: SECRET }),
    /The issuer one gives no token, since it answers 401: invalid_client$/,
  ],
  ['an odd refusal', json(400, { error: SECRET }), /it answers 400$/],
  ['no JSON', response => response.end(SECRET), /has no access_token/],
  ['another token', json(200, { id_token: SECRET }), /has no access_token/],
  [
    'far too much',
    response => response.end(`{"access_token":"${'a'.repeat(300_000)}"}`),
    /has no access_token/,
  ],
  [
    'a redirect',
    response => {
      response.writeHead(307, { location: 'https://127.0.0.1:1/' });
      response.end();
    },
    /it answers 307$/,
  ],
  ['nothing', response => response.destroy(), /it cannot be reached/],
])('says why there is no token for %s, and no more', async (_, told, why) => {
  answer = told;
  const failure = await ask(strategyWith()).catch(error => error);
  expect(failure.name).toBe('ServiceUnavailableError');
  expect(failure.message).toMatch(why);
  expect(failure.message).not.toContain('pl&nted');
  expect(asked).toHaveLength(1);
});

it('sends nothing to an issuer whose certificate is not trusted', async () => {
  const failure = await ask(strategyWith({ ca: undefined })).catch(e => e);
  expect(failure.message).toMatch(/cannot be reached \(DEPTH_ZERO_SELF_SIGNED/);
  expect(asked).toHaveLength(0);
});

it('ends with who asks', async () => {
  answer = () => {};
  const caller = new AbortController();
  const asking = ask(strategyWith(), {}, caller.signal);
  setTimeout(() => caller.abort(new Error('left')), 20);
  await expect(asking).rejects.toThrow('left');
});

it('says that an issuer was taken out of the configuration', async () => {
  await expect(ask(strategyWith(), { issuer: 'two' })).rejects.toThrow(
    /'two' is not in k8s.oauth.issuers any more/,
  );
});

it('lets choose among the issuers, and reads only what OAuth can carry', () => {
  const strategy = strategyWith({ title: 'The issuer' });
  expect(strategy.fields[0].options).toEqual([
    { value: 'one', title: { en: 'The issuer' } },
  ]);
  expect(() =>
    strategy.read(
      { issuer: 'one', clientId: 'ä', clientSecret: SECRET },
      { label: name => `the ${name}` },
    ),
  ).toThrow(/^the clientId has to be printable ASCII$/);
});

it.each([
  [{ id: 'a', tokenUrl: 'http://issuer/token' }, /issuers\.0\.tokenUrl/],
  [{ id: 'a', tokenUrl: 'https://a:b@issuer/token' }, /issuers\.0\.tokenUrl/],
  [{ id: 'a b', tokenUrl: 'https://issuer/token' }, /issuers\.0\.id/],
  [{ id: 'a', tokenUrl: 'https://issuer/t', ca: 'x' }, /issuers\.0\.ca/],
  [{ id: 'a', tokenUrl: 'https://issuer/t', secret: 'x' }, /issuers\.0/],
])('does not start with %j', (issuer, why) => {
  expect(() => issuersOf(issuer)).toThrow(why);
});

it('does not start with two issuers of one id', () => {
  const issuer = { id: 'a', tokenUrl: 'https://issuer/token' };
  expect(() => issuersOf(issuer, issuer)).toThrow(/two issuers of one id/);
});
