import { InputError } from '@backstage/errors';
import { z } from 'zod';
import type { RawData, WebSocket } from 'ws';

/** In characters; a terminal of no size, or of an absurd one, is none. */
const size = {
  columns: z.number().int().min(1).max(1000),
  rows: z.number().int().min(1).max(1000),
};
const token = z.string().min(1).max(16_384);
const helloSchema = z.strictObject({
  ticket: z.string().min(1).max(128),
  token,
  columns: size.columns.default(80),
  rows: size.rows.default(24),
});
const controlSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('resize'), ...size }),
  z.strictObject({ type: z.literal('token'), token }),
]);

/** The first message of a terminal's WebSocket. */
export type Hello = z.infer<typeof helloSchema>;
/** A later message that is no input. */
export type Control = z.infer<typeof controlSchema>;

function parse<T>(schema: z.ZodType<T>, data: RawData): T {
  let value: unknown;
  try {
    value = JSON.parse(data.toString());
  } catch {
    // What is said below holds for it too, and the parser's message has a piece of it.
  }
  const result = schema.safeParse(value);
  if (!result.success)
    throw new InputError('The message is not as it has to be');
  return result.data;
}

/** The first message of a browser. @throws InputError when it does not come in time or is no text */
export function firstMessage(
  socket: WebSocket,
  options: { helloMs: number; shutdown: AbortSignal },
): Promise<RawData> {
  const { helloMs, shutdown } = options;
  return new Promise((resolve, reject) => {
    const refuse = (reason: string) => () => reject(new InputError(reason));
    const late = setTimeout(refuse('The ticket did not come in time'), helloMs);
    const leave = refuse('The portal is being restarted');
    shutdown.addEventListener('abort', leave, { once: true });
    const settle = () => {
      clearTimeout(late);
      shutdown.removeEventListener('abort', leave);
    };
    socket.once('message', (data, isBinary) => {
      settle();
      if (isBinary) refuse('The first message has to be a ticket')();
      else resolve(data);
    });
    socket.once('close', () => {
      settle();
      refuse('The connection was closed')();
    });
  });
}

/** @throws InputError, without anything of the message */
export function readHello(data: RawData): Hello {
  return parse(helloSchema, data);
}

/** @throws InputError, without anything of the message */
export function readControl(data: RawData): Control {
  return parse(controlSchema, data);
}
