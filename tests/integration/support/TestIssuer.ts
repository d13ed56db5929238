/** An issuer of tokens that an API server trusts (OpenID Connect), and that gives them to clients for their id and secret (OAuth 2.0). */
import { execFileSync } from 'node:child_process';
import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../dev/portal/freePort.ts';

const encoded = (part: object) =>
  Buffer.from(JSON.stringify(part)).toString('base64url');

/** The one client that it knows. */
export interface TestClient {
  id: string;
  secret: string;
  audience: string;
}

export class TestIssuer {
  /** Every token that it gave. */
  readonly tokens: string[] = [];
  /** Questions for a token, also those that it did not answer. */
  asked = 0;
  lifeSeconds = 3600;
  /** Whether it answers with failures. */
  isBroken = false;

  readonly url: string;
  readonly caFile: string;
  readonly #port: number;
  readonly #folder: string;
  readonly #client: TestClient;
  readonly #keys: { privateKey: KeyObject; publicKey: KeyObject };
  #server: Server | undefined;

  private constructor(port: number, folder: string, client: TestClient) {
    this.url = `https://127.0.0.1:${port}`;
    this.caFile = join(folder, 'issuer.crt');
    this.#port = port;
    this.#folder = folder;
    this.#client = client;
    this.#keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  }

  static async start(client: TestClient): Promise<TestIssuer> {
    const folder = mkdtempSync(join(tmpdir(), 'issuer-'));
    const issuer = new TestIssuer(await freePort(), folder, client);
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-nodes', '-days', '2'],
        ...['-pkeyopt', 'ec_paramgen_curve:P-256', '-subj', '/CN=issuer'],
        ...['-addext', 'subjectAltName=IP:127.0.0.1'],
        ...['-keyout', join(folder, 'issuer.key'), '-out', issuer.caFile],
      ],
      { stdio: 'ignore' },
    );
    issuer.#server = createServer(
      {
        cert: readFileSync(issuer.caFile),
        key: readFileSync(join(folder, 'issuer.key')),
      },
      (request, response) => issuer.#answer(request, response),
    );
    await new Promise<void>(resolve =>
      issuer.#server?.listen(issuer.#port, '127.0.0.1', resolve),
    );
    return issuer;
  }

  /** PEM. */
  get ca(): string {
    return readFileSync(this.caFile, 'utf8');
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise(resolve => server.close(resolve));
    server.closeAllConnections();
    await closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answer(request: IncomingMessage, response: ServerResponse) {
    let text = '';
    for await (const piece of request) text += piece;
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    switch (request.url) {
      case '/.well-known/openid-configuration':
        send(200, {
          issuer: this.url,
          jwks_uri: `${this.url}/keys`,
          token_endpoint: `${this.url}/token`,
          id_token_signing_alg_values_supported: ['RS256'],
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
        });
        break;
      case '/keys': {
        const key = this.#keys.publicKey.export({ format: 'jwk' });
        send(200, { keys: [{ ...key, kid: 'one', use: 'sig', alg: 'RS256' }] });
        break;
      }
      case '/token':
        this.asked += 1;
        if (this.isBroken) send(500, { error: 'server_error' });
        else if (!this.#knows(request, new URLSearchParams(text))) {
          send(401, { error: 'invalid_client' });
        } else {
          send(200, {
            access_token: this.#sign(),
            token_type: 'Bearer',
            expires_in: this.lifeSeconds,
          });
        }
        break;
      default:
        send(404, {});
    }
  }

  #knows({ headers }: IncomingMessage, form: URLSearchParams): boolean {
    const { id, secret } = this.#client;
    const pair = Buffer.from(`${id}:${secret}`).toString('base64');
    return (
      form.get('grant_type') === 'client_credentials' &&
      headers.authorization === `Basic ${pair}`
    );
  }

  #sign(): string {
    const now = Math.floor(Date.now() / 1000);
    const head = encoded({ alg: 'RS256', kid: 'one', typ: 'JWT' });
    const claims = encoded({
      iss: this.url,
      aud: this.#client.audience,
      sub: this.#client.id,
      iat: now,
      exp: now + this.lifeSeconds,
      jti: randomUUID(),
    });
    const signature = createSign('RSA-SHA256')
      .update(`${head}.${claims}`)
      .sign(this.#keys.privateKey, 'base64url');
    const token = `${head}.${claims}.${signature}`;
    this.tokens.push(token);
    return token;
  }
}
