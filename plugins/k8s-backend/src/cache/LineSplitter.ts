/** What came in is not what the protocol allows: not JSON, or larger than allowed. */
export class GarbageError extends Error {
  name = 'GarbageError' as const;
}

const NEWLINE = 0x0a;
// The API server takes objects of 1.5 MiB, 3 MiB with its own additions; a line above this is not from one.
const DEFAULT_MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Splits bytes that arrive in chunks into lines; empty lines are left out. */
export class LineSplitter {
  #parts: Uint8Array[] = [];
  #pendingBytes = 0;

  readonly #maxLineBytes: number;

  constructor(maxLineBytes = DEFAULT_MAX_LINE_BYTES) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Bytes of the line that has begun and not ended. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /**
   * The lines that end in this chunk. They may share its memory.
   *
   * @throws GarbageError when a line is too long
   */
  *push(chunk: Uint8Array): Generator<Buffer> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      const line = this.#close(chunk.subarray(start, end));
      if (line.length > 0) yield line;
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  #close(tail: Uint8Array): Buffer {
    this.#checkLength(tail.length);
    const line =
      this.#parts.length === 0
        ? Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength)
        : Buffer.concat([...this.#parts, tail]);
    this.#parts = [];
    this.#pendingBytes = 0;
    return line;
  }

  #keep(part: Uint8Array) {
    this.#checkLength(part.length);
    this.#parts.push(part);
    this.#pendingBytes += part.length;
  }

  #checkLength(added: number) {
    if (this.#pendingBytes + added > this.#maxLineBytes) {
      throw new GarbageError('A line is longer than allowed');
    }
  }
}
