/**
 * Writes server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). Without `no-transform` the
 * compression in front of us would hold everything back until the end.
 */
import type { ServerResponse } from 'node:http';
import type { EventStream } from '../router/Handlers';

/** Milliseconds between comments that keep proxies from closing a quiet stream and show us a reader that is gone. */
const HEARTBEAT_MS = 15_000;
/** Bytes that may wait for a reader; one that is further behind is cut off and comes back for the whole list. */
const MAXIMUM_WAITING_BYTES = 4 * 1024 * 1024;

function format(
  message: EventStream['events'] extends AsyncIterable<infer E> ? E : never,
) {
  const id = message.id === undefined ? '' : `id: ${message.id}\n`;
  // JSON has no line breaks of its own, so one data line holds it.
  return `event: ${message.event}\n${id}data: ${JSON.stringify(
    message.data,
  )}\n\n`;
}

/**
 * Sends events until they end or the reader is gone.
 *
 * @returns whether the reader was cut off because it did not read
 */
export async function sendEventStream(
  response: ServerResponse,
  stream: EventStream,
): Promise<{ cutOff: boolean }> {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  let cutOff = false;
  const write = (text: string) => {
    if (response.destroyed || response.writableEnded) return;
    response.write(text);
    if (response.writableLength > MAXIMUM_WAITING_BYTES) {
      cutOff = true;
      response.destroy();
    }
  };
  const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS);
  try {
    for await (const message of stream.events) {
      write(format(message));
      if (response.destroyed) break;
    }
  } finally {
    clearInterval(heartbeat);
    if (!response.destroyed) response.end();
  }
  return { cutOff };
}
