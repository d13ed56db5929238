/**
 * Asks an issuer for tokens. No redirect is followed, no proxy of the environment used, an answer is read only below a limit, and of
 * what the issuer says only its error code is passed on: the rest may repeat what it was sent.
 */
import { ServiceUnavailableError } from '@backstage/errors';
import { Agent, request } from 'undici';
import type { Issuer } from './readIssuers';

const MAX_ANSWER_BYTES = 256 * 1024;
const ERROR_CODE = /^[a-z_]{1,40}$/;
/** Seconds; a year. What is longer is no life of a token. */
const LONGEST_LIFE_S = 365 * 24 * 3600;

/** Who asks. */
export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
  /** Absent: the issuer's. */
  scope?: string;
}

/** A token; `endsAt` in milliseconds since 1970, absent: it does not say. */
export interface IssuedToken {
  token: string;
  endsAt?: number;
}

/** One part of HTTP basic authentication: OAuth wants it encoded as in a form first (RFC 6749, 2.3.1). */
function formEncoded(text: string): string {
  return new URLSearchParams({ v: text }).toString().slice(2);
}

/** Milliseconds since 1970; undefined for a token that is no JWT or has no end. */
function endOfJwt(token: string): number | undefined {
  try {
    const [, payload] = token.split('.');
    const claims: unknown = JSON.parse(
      Buffer.from(payload ?? '', 'base64url').toString('utf8'),
    );
    const end: unknown =
      typeof claims === 'object' && claims !== null
        ? Reflect.get(claims, 'exp')
        : undefined;
    return typeof end === 'number' ? end * 1000 : undefined;
  } catch {
    return undefined;
  }
}

/** The token endpoint of one issuer. */
export class TokenEndpoint {
  readonly #issuer: Issuer;
  readonly #agent: Agent;

  constructor(issuer: Issuer) {
    this.#issuer = issuer;
    this.#agent = new Agent({
      connect: { ca: issuer.ca, minVersion: 'TLSv1.2' },
      connections: 4,
    });
  }

  /** @throws ServiceUnavailableError that says why there is none; the signal's reason */
  async ask(
    client: ClientCredentials,
    options: { signal: AbortSignal; now: number },
  ): Promise<IssuedToken> {
    const { signal, now } = options;
    const { status, answer } = await this.#send(client, signal);
    if (status !== 200) throw this.#refusal(status, answer);
    const token = answer[this.#issuer.token];
    if (typeof token !== 'string' || token === '') {
      throw this.#failure(`its answer has no ${this.#issuer.token}`);
    }
    const { expires_in: seconds } = answer;
    const isLife =
      this.#issuer.token === 'access_token' &&
      Number(seconds) > 0 &&
      Number(seconds) < LONGEST_LIFE_S;
    const ends = [
      isLife ? now + Number(seconds) * 1000 : Infinity,
      endOfJwt(token) ?? Infinity,
    ];
    const end = Math.min(...ends);
    return { token, ...(end !== Infinity && { endsAt: end }) };
  }

  async #send(
    { clientId, clientSecret, scope }: ClientCredentials,
    signal: AbortSignal,
  ): Promise<{ status: number; answer: Record<string, unknown> }> {
    const { tokenUrl, audience, clientAuthentication } = this.#issuer;
    const wanted = scope ?? this.#issuer.scope;
    const isBasic = clientAuthentication === 'basic';
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      ...(wanted && { scope: wanted }),
      ...(audience && { audience }),
      ...(!isBasic && { client_id: clientId, client_secret: clientSecret }),
    });
    const pair = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
    try {
      const { statusCode, body } = await request(tokenUrl, {
        method: 'POST',
        dispatcher: this.#agent,
        signal,
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'user-agent': 'backstage-k8s',
          ...(isBasic && {
            authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
          }),
        },
        body: form.toString(),
      });
      return { status: statusCode, answer: await readJson(body) };
    } catch (error) {
      signal.throwIfAborted();
      const code: unknown =
        typeof error === 'object' && error !== null
          ? Reflect.get(error, 'code')
          : undefined;
      const words = typeof code === 'string' ? ` (${code})` : '';
      throw this.#failure(`it cannot be reached${words}`);
    }
  }

  #refusal(status: number, { error }: Record<string, unknown>): Error {
    const code =
      typeof error === 'string' && ERROR_CODE.test(error) ? `: ${error}` : '';
    return this.#failure(`it answers ${status}${code}`);
  }

  #failure(why: string): Error {
    const { id, title = id } = this.#issuer;
    return new ServiceUnavailableError(
      `The issuer ${title} gives no token, since ${why}`,
    );
  }
}

/** An empty object for what is no JSON or too long: the status says enough. */
async function readJson(
  body: AsyncIterable<Uint8Array>,
): Promise<Record<string, unknown>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > MAX_ANSWER_BYTES) return {};
    pieces.push(piece);
  }
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
