import { readServerSentEvents } from './readServerSentEvents';

async function read(...chunks: (string | Uint8Array)[]) {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(
          typeof chunk === 'string' ? encoder.encode(chunk) : chunk,
        );
      }
      controller.close();
    },
  });
  const events = [];
  for await (const event of readServerSentEvents(body)) events.push(event);
  return events;
}

describe('readServerSentEvents', () => {
  it('reads events however they are cut', async () => {
    const text = 'event: changes\nid: 7\ndata: {"name":"zürich"}\n\n';
    const whole = [{ event: 'changes', data: { name: 'zürich' } }];
    expect(await read(text)).toEqual(whole);
    const bytes = new TextEncoder().encode(text);
    const single = [...bytes].map(byte => Uint8Array.of(byte));
    expect(await read(...single)).toEqual(whole);
  });

  it('reads several events of one chunk, with any line ends', async () => {
    expect(
      await read('event: a\r\ndata: 1\r\n\r\nevent: b\ndata: 2\n\n'),
    ).toEqual([
      { event: 'a', data: 1 },
      { event: 'b', data: 2 },
    ]);
  });

  it('gives comments as signs of life and drops an event that is not finished', async () => {
    expect(await read(': still here\n\n', 'event: a\ndata: 1\n')).toEqual([
      undefined,
    ]);
  });
});
