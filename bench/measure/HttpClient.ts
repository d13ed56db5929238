import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';

/** Not brotli: what a hundred clusters have in common is all the same here, and its window would hold all of it. */
const ENCODING = 'gzip';

/** Where requests go, and as whom. */
export interface HttpTarget {
  url: string;
  /** PEM; only for https. */
  ca?: string;
  token?: string;
}

/** What is asked for. */
export interface HttpQuestion {
  /** Becomes JSON, unless it is bytes. */
  body?: unknown;
  contentType?: string;
  /** Ask for a compressed answer, as a browser does; it is not unpacked. */
  compressed?: boolean;
  timeoutMs?: number;
}

/** An answer as it came over the wire. */
export interface HttpAnswer {
  status: number;
  body: Buffer;
  /** Milliseconds from the call to the last byte. */
  ms: number;
  /** Milliseconds from the call to the head of the answer. */
  headMs: number;
}

/** An answer that is an error. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

class StaleError extends Error {}

const TIMEOUT_MS = 120_000;
const FAILED = 400;

/** Calls one server over connections that stay open, and takes the time. */
export class HttpClient {
  readonly target: HttpTarget;
  readonly #agent: PlainAgent | TlsAgent;

  constructor(target: HttpTarget, options: { connections?: number } = {}) {
    this.target = target;
    const settings = {
      keepAlive: true,
      maxSockets: options.connections ?? Infinity,
    };
    this.#agent = target.url.startsWith('https')
      ? new TlsAgent({ ...settings, ca: target.ca })
      : new PlainAgent(settings);
  }

  /** Calls and reads the whole answer, whatever its status. @param route - method and path */
  async ask(route: string, question: HttpQuestion = {}): Promise<HttpAnswer> {
    try {
      return await this.#ask(route, question);
    } catch (error) {
      // The server had closed the connection while nothing was asked.
      if (error instanceof StaleError) return this.#ask(route, question);
      throw error;
    }
  }

  #ask(route: string, question: HttpQuestion): Promise<HttpAnswer> {
    const start = performance.now();
    return new Promise((resolve, reject) => {
      const call = this.#open(route, question, answer => {
        const headMs = performance.now() - start;
        const chunks: Buffer[] = [];
        answer.on('data', chunk => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('aborted', () => reject(new Error('aborted')));
        answer.once('end', () => {
          const ms = performance.now() - start;
          const body = Buffer.concat(chunks);
          resolve({ status: answer.statusCode ?? 0, body, ms, headMs });
        });
      });
      call.once('error', error => {
        const { code } = error as NodeJS.ErrnoException;
        const isStale = call.reusedSocket && code === 'ECONNRESET';
        reject(isStale ? new StaleError(error.message) : error);
      });
    });
  }

  /** {@link ask}, for an answer that has to be a success. @throws HttpError */
  async call(route: string, question?: HttpQuestion): Promise<HttpAnswer> {
    const answer = await this.ask(route, question);
    if (answer.status >= FAILED) {
      const text = answer.body.toString('utf8', 0, 500);
      throw new HttpError(answer.status, `${route}: ${answer.status} ${text}`);
    }
    return answer;
  }

  /** {@link call}, and the answer as JSON. */
  async json<T>(route: string, question?: HttpQuestion): Promise<T> {
    const { body } = await this.call(route, question);
    return JSON.parse(body.toString('utf8')) as T;
  }

  /** An answer that goes on; resolves with its head. @throws HttpError @returns how to end it */
  follow(
    route: string,
    question: HttpQuestion & {
      onChunk: (chunk: Buffer) => void;
      /** When there is no more, for whatever reason. */
      onEnd?: () => void;
    },
  ): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const call = this.#open(route, question, answer => {
        const status = answer.statusCode ?? 0;
        if (status >= FAILED) {
          answer.resume();
          reject(new HttpError(status, `${route}: ${status}`));
          return;
        }
        answer.on('data', question.onChunk);
        answer.on('error', () => {});
        if (question.onEnd) answer.once('close', question.onEnd);
        resolve(() => call.destroy());
      });
      call.once('error', reject);
    });
  }

  /** Closes the connections. */
  close(): void {
    this.#agent.destroy();
  }

  #open(
    route: string,
    question: HttpQuestion,
    onAnswer: (answer: IncomingMessage) => void,
  ) {
    const [method, path] = route.split(' ');
    const { url, token } = this.target;
    const { body, contentType = 'application/json', compressed } = question;
    const bytes = bytesOf(body);
    const request = url.startsWith('https') ? tlsRequest : plainRequest;
    const call = request(
      `${url}${path}`,
      {
        method,
        agent: this.#agent,
        headers: {
          Accept: 'application/json',
          'Accept-Encoding': compressed ? ENCODING : 'identity',
          ...(token && { Authorization: `Bearer ${token}` }),
          ...(bytes && {
            'Content-Type': contentType,
            'Content-Length': bytes.length,
          }),
        },
      },
      onAnswer,
    );
    call.setTimeout(question.timeoutMs ?? TIMEOUT_MS, () =>
      call.destroy(new Error(`${route} timed out`)),
    );
    call.setNoDelay(true);
    call.end(bytes);
    return call;
  }
}

function bytesOf(body: unknown): Buffer | undefined {
  if (body === undefined || Buffer.isBuffer(body)) return body;
  return Buffer.from(JSON.stringify(body));
}
