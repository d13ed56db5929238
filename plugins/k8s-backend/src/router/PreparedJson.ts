/** An answer that is JSON text already, so that large ones are not parsed only to be written again. */
export class PreparedJson {
  readonly #parts: readonly (string | Uint8Array)[];

  constructor(parts: readonly (string | Uint8Array)[]) {
    this.#parts = parts;
  }

  /** UTF-8. */
  toBytes(): Buffer {
    return Buffer.concat(
      this.#parts.map(part =>
        typeof part === 'string' ? Buffer.from(part) : part,
      ),
    );
  }

  /** What the text says. */
  parse(): unknown {
    return JSON.parse(this.toBytes().toString('utf8'));
  }
}
