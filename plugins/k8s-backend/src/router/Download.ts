import type { ServerResponse } from 'node:http';
import { drained } from '../streams/drained';
import { SUCCESS_STATUS } from '../errors/statusErrors';

/** An answer that is a text file. */
export class Download {
  readonly fileName: string;
  readonly pieces: AsyncIterable<string | Uint8Array>;

  /** @param options - `fileName` of letters, digits, dots and dashes */
  constructor(options: {
    fileName: string;
    pieces: AsyncIterable<string | Uint8Array>;
  }) {
    this.fileName = options.fileName;
    this.pieces = options.pieces;
  }
}

/** Sends a file as fast as it is read, and gives up on who does not read. @throws what the pieces fail with */
export async function sendDownload(
  response: ServerResponse,
  { fileName, pieces }: Download,
): Promise<void> {
  response.writeHead(SUCCESS_STATUS, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store, no-transform',
  });
  for await (const piece of pieces) {
    if (response.destroyed) return;
    response.write(piece);
    if (!(await drained(response))) {
      response.destroy();
      return;
    }
  }
  response.end();
}
