/**
 * Opens WebSockets to an API server, over connections that are made and checked like all others. The same rules as for
 * `kubeFetch`: no redirect is followed, no header of a caller is sent on.
 */
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import { answerError, clusterFailureOf } from '../errors/clusterErrors';
import { connectionError, timeoutError } from '../errors/connectionErrors';
import type { KubeSocketRequest } from './ClusterConnection';
import { authorizationOf, withoutToken } from './KubeAgent';
import type { KubeAgent } from './KubeAgent';
import { impersonationHeaders } from './KubeIdentity';
import {
  HEADERS_TIMEOUT_MS,
  MAX_ERROR_BYTES,
  redirectError,
  targetOf,
  USER_AGENT,
} from './kubeFetch';

/** Of an API server that does not know who asks. */
const UNAUTHORIZED = 401;
/** Bytes of one message; those of terminals have some kilobytes. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

async function refusalOf(
  answer: IncomingMessage,
  credential: ClusterCredential,
): Promise<Error> {
  const { statusCode: status = 0, headers } = answer;
  if (status >= 300 && status < 400) return redirectError();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of answer) {
    pieces.push(piece);
    size += piece.length;
    if (size > MAX_ERROR_BYTES) break;
  }
  const body = Buffer.concat(pieces).toString('utf8');
  return answerError({
    status,
    body: withoutToken(body, credential),
    retryAfter: headers['retry-after'],
  });
}

/**
 * Opens a WebSocket to an API server; with another credential where the one at hand is refused.
 *
 * @throws the error of `errors/clusterErrors` for an answer that is no upgrade or for none at all; the signal's reason when it
 * was aborted; InputError for a path that cannot be one
 */
export async function kubeSocket(
  agent: KubeAgent,
  request: KubeSocketRequest,
): Promise<WebSocket> {
  const { signal, timeoutMs = HEADERS_TIMEOUT_MS } = request;
  const wait = { signal, timeoutMs };
  const credential = await agent.credentials.current(wait);
  try {
    return await open(agent, request, credential);
  } catch (error) {
    if (clusterFailureOf(error)?.status !== UNAUTHORIZED) throw error;
    const other = await agent.credentials.instead(credential, wait);
    if (!other) throw error;
    return open(agent, request, other);
  }
}

async function open(
  agent: KubeAgent,
  request: KubeSocketRequest,
  credential: ClusterCredential,
): Promise<WebSocket> {
  const { signal, timeoutMs = HEADERS_TIMEOUT_MS } = request;
  const target = targetOf(agent, request);
  signal?.throwIfAborted();
  const authorization = authorizationOf(credential);
  const options: ClientOptions = {
    headers: {
      'user-agent': USER_AGENT,
      ...(authorization && { authorization }),
      ...impersonationHeaders(request.as),
    },
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    // Node takes the connection later where none is returned.
    createConnection: ((
      _: unknown,
      done: (error: Error | null, connection?: unknown) => void,
    ) => {
      agent
        .connect(credential)
        .then(connection => done(null, connection), done);
    }) as unknown as ClientOptions['createConnection'],
  };
  const socket = new WebSocket(
    `${agent.origin.replace(/^https/, 'wss')}${target}`,
    [...request.protocols],
    options,
  );
  const done = new AbortController();
  try {
    return await new Promise<WebSocket>((resolve, reject) => {
      const timer = setTimeout(() => reject(timeoutError()), timeoutMs);
      done.signal.addEventListener('abort', () => clearTimeout(timer));
      signal?.addEventListener('abort', () => reject(signal.reason), {
        signal: done.signal,
      });
      // Stays: what fails after this is followed by `close`, and must not end the process.
      socket.on('error', error => reject(connectionError(error)));
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (_, answer) => {
        refusalOf(answer, credential).then(reject, error =>
          reject(connectionError(error)),
        );
      });
    });
  } catch (error) {
    socket.terminate();
    throw error;
  } finally {
    done.abort();
  }
}
