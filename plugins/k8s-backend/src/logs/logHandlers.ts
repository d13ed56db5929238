import { setMaxListeners } from 'node:events';
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { Download } from '../router/Download';
import type { EventStream, HandlerResult, Handlers } from '../router/Handlers';
import { lifetimeOf } from '../streams/lifetimeOf';
import { StreamLimits } from '../streams/StreamLimits';
import type { LogEvent, LogLine, PodLogs } from './PodLogs';

/** Lines that are answered where nobody says how many. */
const TAIL_LINES = 1_000;
/** Characters of an answer's lines; the newest are kept. */
const ANSWER_LENGTH = 2 * 1024 * 1024;
const NEWLINE = 0x0a;

/** What the handlers of logs work with. */
export interface LogHandlersOptions {
  logs: PodLogs;
  /** Aborted when the process ends. */
  shutdown: AbortSignal;
}

/** The lines that fit into an answer, the last ones. @throws ServiceUnavailableError when the log ends before its end */
async function collect(
  events: AsyncIterable<LogEvent>,
): Promise<HandlerResult<'readPodLogs'>> {
  const lines: LogLine[] = [];
  let place = { pod: '', container: '' };
  let length = 0;
  let first = 0;
  for await (const event of events) {
    if (event.type === 'pods') [place = place] = event.pods;
    if (event.type === 'end' && event.reason === 'failed') {
      throw new ServiceUnavailableError(
        event.message ?? 'The log could not be read to its end',
      );
    }
    if (event.type !== 'lines') continue;
    for (const line of event.lines) {
      lines.push(line);
      length += line.text.length;
      while (length > ANSWER_LENGTH) length -= lines[first++].text.length;
    }
  }
  return { ...place, lines: lines.slice(first), truncated: first > 0 };
}

async function* textOf(
  events: AsyncIterable<LogEvent>,
): AsyncGenerator<string | Uint8Array> {
  let isWithinLine = false;
  const note = (text: string) =>
    `${isWithinLine ? '\n' : ''}(not complete: ${text})\n`;
  for await (const event of events) {
    if (event.type === 'text') {
      yield event.bytes;
      isWithinLine = event.bytes.at(-1) !== NEWLINE;
    }
    if (event.type === 'lines') {
      yield event.lines
        .map(({ at, text }) => `${at === undefined ? '' : `${at} `}${text}\n`)
        .join('');
    }
    if (event.type === 'end' && event.pod === undefined) {
      if (event.reason !== 'ended') yield note(event.reason);
    } else if (event.type === 'end' && event.reason === 'failed') {
      yield note(event.message ?? event.reason);
    }
  }
}

/** Answers the operations on logs. */
export function logHandlers(
  options: LogHandlersOptions,
): Pick<Handlers, 'readPodLogs' | 'openLogStream'> {
  const { logs, shutdown } = options;
  const limits = new StreamLimits();
  // One listener an open stream.
  setMaxListeners(0, shutdown);

  async function* send(
    events: AsyncIterable<LogEvent>,
    lifetime: ReturnType<typeof lifetimeOf>,
  ): EventStream['events'] & AsyncGenerator {
    for await (const { type, ...data } of events) yield { event: type, data };
    if (lifetime.end) yield { event: 'end', data: { reason: lifetime.end } };
  }

  async function openStream(
    query: Parameters<PodLogs['open']>[0],
    context: RequestContext,
  ): Promise<EventStream> {
    const { type, ref } = context.principal;
    const leave = limits.enter(`${type} ${ref}`);
    const lifetime = lifetimeOf(context, shutdown);
    const release = () => {
      lifetime.release();
      leave();
    };
    const signal = AbortSignal.any([context.signal, lifetime.signal]);
    context.signal.addEventListener('abort', release, { once: true });
    try {
      const events = await logs.open(query, {
        context: { ...context, signal },
      });
      return { events: send(events, lifetime) };
    } catch (error) {
      release();
      throw error;
    }
  }

  return {
    readPodLogs: async ({ path, query, context }) => {
      const { download, tailLines, ...rest } = query;
      const { namespace, name } = path;
      const events = await logs.open(
        {
          ...rest,
          ...{ cluster: path.id, namespace, pods: [name] },
          tailLines: download ? tailLines : tailLines ?? TAIL_LINES,
          asText: download,
        },
        { context },
      );
      if (!download) return collect(events);
      return new Download({
        fileName: `${[name, query.container].filter(Boolean).join('.')}.log`,
        pieces: textOf(events),
      });
    },
    openLogStream: async ({ path, body, context }) => {
      const { pods, labelSelector } = body;
      if ((pods === undefined) === (labelSelector === undefined)) {
        throw new InputError('body needs either pods or labelSelector');
      }
      const { tailLines = TAIL_LINES, ...rest } = body;
      return openStream({ ...rest, tailLines, cluster: path.id }, context);
    },
  };
}
