/** Sends made-up requests and looks at what comes back: no failure of ours, nothing outside the contract, nothing repeated. */
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { FuzzContract, FuzzOperation } from './FuzzContract.ts';
import { FuzzValues, PLANTED } from './FuzzValues.ts';
import type { FuzzWorld } from './FuzzValues.ts';
import { HOSTILE_BODIES, HOSTILE_SEGMENTS } from './hostileValues.ts';
import type { Random } from './Random.ts';

/** Milliseconds; a request that takes longer has no answer. */
const PATIENCE_MS = 60_000;
/** Milliseconds that a stream is listened to. */
const LISTEN_MS = 150;
/** Characters; what is larger is refused while it is sent. */
const LARGE = 15_000;
const BROKEN = 0.08;
const REMOVED = /access to the cluster was changed or removed meanwhile/;

/** Who asks: with the token, or nobody. */
export interface FuzzCaller {
  name: string;
  token?: string;
}

interface FuzzRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

interface FuzzAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** What went wrong, with what has to be known to see it again. */
export interface Finding {
  problem: string;
  operation: string;
  caller: string;
  request: FuzzRequest;
  answer?: FuzzAnswer;
}

/** Fuzzes one back end. */
export class Fuzzer {
  readonly statuses = new Map<number, number>();
  readonly #url: URL;
  readonly #contract: FuzzContract;
  readonly #random: Random;
  readonly #values: FuzzValues;

  /** @param options - `url`: of the portal */
  constructor(options: {
    url: string;
    contract: FuzzContract;
    random: Random;
    world: FuzzWorld;
  }) {
    this.#url = new URL(options.url);
    this.#contract = options.contract;
    this.#random = options.random;
    this.#values = new FuzzValues(options);
  }

  /** One request; what was wrong with its answer. */
  async once(
    operation: FuzzOperation,
    caller: FuzzCaller,
  ): Promise<Finding | undefined> {
    const made = this.#make(operation, caller);
    const about = {
      operation: operation.id,
      caller: caller.name,
      request: made,
    };
    let answer: FuzzAnswer;
    try {
      answer = await this.#send(made);
    } catch (error) {
      // Who still sends when a large request is refused may not see the answer.
      const isCut = /ECONNRESET|EPIPE/.test(String(error));
      const size = JSON.stringify(made).length;
      if (isCut && size > LARGE) return undefined;
      return { ...about, problem: `no answer: ${error}` };
    }
    const { status } = answer;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    const problem = this.#problemOf(answer, { operation, caller, made });
    return problem === undefined ? undefined : { ...about, problem, answer };
  }

  #make(operation: FuzzOperation, caller: FuzzCaller): FuzzRequest {
    const random = this.#random;
    const values = this.#values;
    values.begin();
    const of = (place: string) =>
      operation.parameters.filter(parameter => parameter.in === place);
    const segments = new Map(
      of('path').map(({ name, schema }) => [
        name,
        values.segment(name, schema),
      ]),
    );
    let path = operation.path.replace(
      /\{(\w+)\}/g,
      (_, name) => segments.get(name) ?? '',
    );
    if (!values.isRight && random.chance(BROKEN))
      path += `/${random.pick(HOSTILE_SEGMENTS)}`;
    const query = of('query')
      .filter(({ required }) => random.chance(required ? 0.95 : 0.3))
      .map(({ name, schema }) => [name, values.text(name, schema)]);
    if (!values.isRight && random.chance(BROKEN)) {
      query.push(
        random.pick([
          ['unknown', '1'],
          ['__proto__', 'x'],
          query[0] ?? ['a', 'b'],
        ]),
      );
    }
    const search = query
      .map(([name, text]) => `${encodeURIComponent(name)}=${encoded(text)}`)
      .join('&');
    const headers: Record<string, string> = {
      ...(caller.token && { authorization: `Bearer ${caller.token}` }),
      ...(random.chance(0.05) && { 'impersonate-user': 'system:admin' }),
    };
    for (const { name, schema } of of('header')) {
      const text = values.text(name, schema);
      // What Node itself does not send cannot be received either.
      if (random.chance(0.3) && /^[\t\x20-\x7e]*$/.test(text)) {
        headers[name] = text;
      }
    }
    return {
      method: operation.method,
      path: `/api/k8s${path}${search && `?${search}`}`,
      headers,
      ...this.#bodyOf(operation, headers),
    };
  }

  #bodyOf(
    operation: FuzzOperation,
    headers: Record<string, string>,
  ): { body?: string } {
    const random = this.#random;
    const values = this.#values;
    if (!values.isRight && random.chance(BROKEN * 2)) {
      const [text, type] = random.pick(HOSTILE_BODIES);
      headers['content-type'] = type;
      return { body: random.chance(0.3) ? `{"token":"${PLANTED}` : text };
    }
    if (!operation.body) return {};
    headers['content-type'] = 'application/json';
    return { body: JSON.stringify(this.#values.body(operation.body)) };
  }

  #send({ method, path, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          // Without connections that are used again, which end by themselves in between.
          ...{ method, path, agent: false as const },
          ...{ host: this.#url.hostname, port: this.#url.port },
          headers: {
            ...headers,
            ...(body !== undefined && {
              'content-length': Buffer.byteLength(body),
            }),
          },
          signal: AbortSignal.timeout(PATIENCE_MS),
        },
        received => {
          const { statusCode: status = 0, headers: got } = received;
          let text = '';
          received.setEncoding('utf8');
          received.on('data', piece => {
            text += piece;
          });
          const settle = () => resolve({ status, headers: got, text });
          received.on('end', settle);
          received.on('error', reject);
          if (got['content-type']?.startsWith('text/event-stream')) {
            setTimeout(() => {
              settle();
              received.destroy();
            }, LISTEN_MS);
          }
        },
      );
      sent.on('error', error => reject(error));
      sent.end(body);
    });
  }

  #problemOf(
    { status, headers, text }: FuzzAnswer,
    asked: { operation: FuzzOperation; caller: FuzzCaller; made: FuzzRequest },
  ): string | undefined {
    const { operation, caller } = asked;
    if (text.includes(PLANTED)) return 'it repeats what was planted';
    if (/\n\s+at .+:\d+:\d+/.test(text)) return 'it shows a stack';
    // Another request may have removed the cluster while this one was under way.
    if (status === 503 && REMOVED.test(text)) return undefined;
    if (status >= 500) return `status ${status}`;
    if (!caller.token && status !== 401) return `${status} without a token`;
    if (!headers['x-request-id']) return 'it has no X-Request-Id';
    const type = (headers['content-type'] ?? '').split(';')[0];
    if (status !== 200) {
      return type === 'application/json'
        ? this.#problemOfError(status, { text, operation })
        : `an error as ${type}`;
    }
    if (!operation.answers.includes(type)) return `a success as ${type}`;
    if (type === 'text/event-stream') return problemOfEvents(text);
    if (type !== 'application/json') return undefined;
    return this.#contract.checkAnswer(operation, JSON.parse(text));
  }

  #problemOfError(
    status: number,
    { text, operation }: { text: string; operation: FuzzOperation },
  ): string | undefined {
    const body = JSON.parse(text);
    if (operation.speaksKubernetes) {
      if (body.kind !== 'Status') return 'no Status of Kubernetes';
      if (body.code !== status) return 'another code within';
      return body.message ? undefined : 'it says nothing';
    }
    if (body.response?.statusCode !== status) return 'another status within';
    if (body.error?.stack !== undefined) return 'it has a stack';
    if (!body.error?.message) return 'it says nothing';
    return this.#contract.checkError(body);
  }
}

/** Also of half a surrogate, which has no spelling in a URL. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '%'));
}

function problemOfEvents(text: string): string | undefined {
  const events = text.split('\n\n').slice(0, -1);
  const isRight = (event: string) =>
    event.startsWith(':') ||
    /^event: \w+\n(id: .*\n)?data: [{[].*[}\]]$/.test(event);
  const wrong = events.find(event => !isRight(event));
  return wrong === undefined ? undefined : `no event: ${wrong.slice(0, 200)}`;
}
