/**
 * Writes server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). Without `no-transform` the
 * compression in front of us would hold everything back until the end.
 */
import type { ServerResponse } from 'node:http';
import type { EventStream } from '../router/Handlers';
import { PreparedJson } from '../router/PreparedJson';
import { SUCCESS_STATUS } from '../errors/statusErrors';
import { drained, PATIENCE_MS } from './drained';

type StreamEvent = EventStream['events'] extends AsyncIterable<infer Event>
  ? Event
  : never;

/** Milliseconds between comments that keep proxies from closing a quiet stream and show us a reader that is gone. */
const HEARTBEAT_MS = 15_000;

function format({ event, id, data }: StreamEvent): string {
  const identity = id === undefined ? '' : `id: ${id}\n`;
  const text =
    data instanceof PreparedJson ? data.toText() : JSON.stringify(data);
  // JSON has no line breaks of its own, so one data line holds it.
  return `event: ${event}\n${identity}data: ${text}\n\n`;
}

/**
 * Sends events until they end or the reader is gone.
 *
 * @param options - `patienceMs`: how long a reader that does not read is waited for
 * @returns whether the reader was cut off because it did not read
 */
export async function sendEventStream(
  response: ServerResponse,
  stream: EventStream,
  options: { patienceMs?: number } = {},
): Promise<{ cutOff: boolean }> {
  response.writeHead(SUCCESS_STATUS, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, HEARTBEAT_MS);
  try {
    for await (const event of stream.events) {
      if (response.destroyed) break;
      response.write(format(event));
      if (!(await drained(response, options.patienceMs ?? PATIENCE_MS))) {
        response.destroy();
        return { cutOff: true };
      }
    }
    return { cutOff: false };
  } finally {
    clearInterval(heartbeat);
    if (!response.destroyed) response.end();
  }
}
