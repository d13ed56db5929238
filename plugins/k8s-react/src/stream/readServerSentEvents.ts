/** A server-sent event; `data` is its JSON. @public */
export interface ServerSentEvent {
  event: string;
  data: unknown;
}

function parse(block: string): ServerSentEvent | undefined {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) event = line.slice(6).trim();
    else if (line.startsWith('data:')) data.push(line.slice(5).trimStart());
  }
  if (data.length === 0) return undefined;
  return { event, data: JSON.parse(data.join('\n')) };
}

/**
 * Reads server-sent events from a body, until it ends. Blocks without data (comments that keep the connection open) are
 * given as undefined, so that the reader knows that the other side is alive.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 * @public
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent | undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      // A carriage return may be cut off from its line feed by a chunk: both are dropped as they come.
      buffer += decoder.decode(value, { stream: true }).replace(/\r/g, '');
      const blocks = buffer.split('\n\n');
      buffer = blocks.pop() ?? '';
      for (const block of blocks) yield parse(block);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
