/**
 * The only place that calls an API server, but for WebSockets (`kubeSocket`). One request, one answer: no redirect is followed, no header of a caller is sent
 * on, a body is handed on in pieces and read as a whole only below a limit.
 */
import type { Dispatcher } from 'undici';
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import { answerError, withFailure } from '../errors/clusterErrors';
import { connectionError, timeoutError } from '../errors/connectionErrors';
import type { KubeRequest, KubeResponse } from './ClusterConnection';
import type { KubeAgent } from './KubeAgent';
import { authorizationOf, withoutToken } from './KubeAgent';
import { impersonationHeaders } from './KubeIdentity';
import { untilAborted } from './untilAborted';

const MIB = 1024 * 1024;
const MAX_JSON_BYTES = 64 * MIB;
const MAX_TEXT_BYTES = MIB;
/** Of an error's message; what is longer is cut off. */
export const MAX_ERROR_BYTES = 64 * 1024;
/** Milliseconds until an API server has to have begun to answer. */
export const HEADERS_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 10_000;
/** Of an API server that does not know who asks. */
const UNAUTHORIZED = 401;
/** What API servers see of us. */
export const USER_AGENT = 'backstage-k8s';

/** A path that leads elsewhere than it says once dots are resolved or percent signs decoded, or that breaks the request. */
const UNSAFE_PATH =
  // Control characters are what it looks for.
  // eslint-disable-next-line no-control-regex
  /^(?!\/)|[?#\\\s\u0000-\u001f]|%2f|%5c|\/(\.|%2e){1,2}(\/|$)/i;

/** Path and query of a request on the API server's host. @throws InputError for a path that cannot be one */
export function targetOf(
  agent: KubeAgent,
  { path, query = {} }: Pick<KubeRequest, 'path' | 'query'>,
): string {
  if (UNSAFE_PATH.test(path)) {
    throw new InputError('This name cannot be part of a path');
  }
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) parameters.append(key, String(each));
    }
  }
  const search = parameters.size > 0 ? `?${parameters}` : '';
  return `${agent.basePath}${path}${search}`;
}

function headersOf(request: KubeRequest, credential: ClusterCredential) {
  const authorization = authorizationOf(credential);
  return {
    accept: request.accept ?? 'application/json',
    'user-agent': USER_AGENT,
    ...(request.body !== undefined && {
      'content-type': request.contentType ?? 'application/json',
    }),
    ...(authorization && { authorization }),
    ...impersonationHeaders(request.as),
  };
}

/** Passes on the pieces of a body, and gives it up when none arrives for too long. */
async function* piecesOf(
  body: Dispatcher.ResponseData['body'],
  options: { idleTimeoutMs: number; signal?: AbortSignal },
): AsyncGenerator<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  const expect = () => {
    timer = setTimeout(
      () => body.destroy(timeoutError()),
      options.idleTimeoutMs,
    );
  };
  try {
    expect();
    for await (const piece of body) {
      // A consumer that takes its time with a piece is not the API server's silence.
      clearTimeout(timer);
      yield piece;
      expect();
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw connectionError(error);
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(
  pieces: AsyncIterable<Uint8Array>,
  options: { maxBytes: number; cut?: boolean },
): Promise<string> {
  const read: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > options.maxBytes) {
      if (options.cut) break;
      throw withFailure(
        new ServiceUnavailableError(
          `The API server's answer is larger than ${
            options.maxBytes / MIB
          } MiB`,
        ),
        { cause: 'content' },
      );
    }
    read.push(piece);
  }
  return Buffer.concat(read).toString('utf8');
}

function parseJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw withFailure(
      new ServiceUnavailableError("The API server's answer is not JSON"),
      { cause: 'content' },
    );
  }
}

function flatHeaders(
  headers: Dispatcher.ResponseData['headers'],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value ?? '',
    ]),
  );
}

/** The error for an API server that sends us elsewhere. */
export function redirectError(): Error {
  return withFailure(
    new ServiceUnavailableError(
      'The server redirects to another address, which is not followed: register the address of the API server itself',
    ),
    { cause: 'redirect' },
  );
}

async function send(
  agent: KubeAgent,
  request: KubeRequest,
  credential: ClusterCredential,
): Promise<Dispatcher.ResponseData> {
  const { signal: caller, timeoutMs = HEADERS_TIMEOUT_MS } = request;
  const path = targetOf(agent, request);
  caller?.throwIfAborted();
  // Counts from here, so that waiting for a free connection is part of it.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(timeoutError()), timeoutMs);
  const signal = caller ? AbortSignal.any([caller, late.signal]) : late.signal;
  try {
    const dispatcher = agent.dispatcherFor(credential, request.use);
    const answer = dispatcher.request({
      origin: agent.origin,
      path,
      method: request.method ?? 'GET',
      headers: headersOf(request, credential),
      body:
        request.body === undefined ? undefined : JSON.stringify(request.body),
      signal,
    });
    // undici looks at the signal only once it is connected, and sends nothing then.
    return await untilAborted(answer, signal);
  } catch (error) {
    caller?.throwIfAborted();
    throw connectionError(late.signal.aborted ? late.signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Sends a request with the credential at hand, and once more with another one where the API server refuses it: a request that it
 * does not know the sender of has changed nothing.
 */
async function sendSignedIn(agent: KubeAgent, request: KubeRequest) {
  const wait = {
    signal: request.signal,
    timeoutMs: request.timeoutMs ?? HEADERS_TIMEOUT_MS,
  };
  const credential = await agent.credentials.current(wait);
  const answer = await send(agent, request, credential);
  if (answer.statusCode !== UNAUTHORIZED) return { answer, credential };
  answer.body.on('error', () => {});
  const other = await agent.credentials
    .instead(credential, wait)
    .catch(error => {
      answer.body.destroy();
      throw error;
    });
  if (!other) return { answer, credential };
  answer.body.destroy();
  return { answer: await send(agent, request, other), credential: other };
}

/**
 * Sends a request to an API server.
 *
 * @throws the error of `errors/clusterErrors` for an answer that is no success or for none at all; the signal's reason when
 * it was aborted; InputError for a path that cannot be one
 */
export async function kubeFetch(
  agent: KubeAgent,
  request: KubeRequest,
): Promise<KubeResponse> {
  const { answer, credential } = await sendSignedIn(agent, request);
  const { statusCode: status, headers, body } = answer;
  const pieces = (idleTimeoutMs = IDLE_TIMEOUT_MS) =>
    piecesOf(body, { idleTimeoutMs, signal: request.signal });
  // Nothing reads it after this, and a body that fails unread must not end the process.
  body.on('error', () => {});
  if (status >= 300 && status < 400) {
    body.destroy();
    throw redirectError();
  }
  const flat = flatHeaders(headers);
  if (status >= 400 && !request.answers?.includes(status)) {
    const text = await readAll(pieces(), {
      maxBytes: MAX_ERROR_BYTES,
      cut: true,
    });
    throw answerError({
      status,
      body: withoutToken(text, credential),
      retryAfter: flat['retry-after'],
      as: request.as,
    });
  }
  return {
    status,
    headers: flat,
    json: async <T>() =>
      parseJson<T>(await readAll(pieces(), { maxBytes: MAX_JSON_BYTES })),
    text: () => readAll(pieces(), { maxBytes: MAX_TEXT_BYTES }),
    body: ({ idleTimeoutMs } = {}) => pieces(idleTimeoutMs),
  };
}
