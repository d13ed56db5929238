/** An answer that is JSON text already, so that large ones are not parsed only to be written again. */
export class PreparedJson {
  readonly #parts: readonly (string | Uint8Array)[];

  constructor(parts: readonly (string | Uint8Array)[]) {
    this.#parts = parts;
  }

  /** What is not written yet. */
  static from(value: unknown): PreparedJson {
    return new PreparedJson([JSON.stringify(value)]);
  }

  /** An object of which some fields are arrays of what is written already. */
  static of(
    fields: Record<string, unknown>,
    written: Record<string, readonly string[]>,
  ): PreparedJson {
    const texts = [
      ...Object.entries(fields).map(
        ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
      ),
      ...Object.entries(written).map(
        ([name, items]) => `${JSON.stringify(name)}:[${items.join(',')}]`,
      ),
    ];
    return new PreparedJson([`{${texts.join(',')}}`]);
  }

  toText(): string {
    return this.#parts
      .map(part =>
        typeof part === 'string' ? part : Buffer.from(part).toString('utf8'),
      )
      .join('');
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
