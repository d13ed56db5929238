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
    const parts = ['{'];
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) continue;
      if (parts.length > 1) parts.push(',');
      parts.push(JSON.stringify(name), ':', JSON.stringify(value));
    }
    for (const [name, items] of Object.entries(written)) {
      parts.push(parts.length > 1 ? ',' : '', JSON.stringify(name), ':[');
      items.forEach((item, index) => parts.push(index > 0 ? ',' : '', item));
      parts.push(']');
    }
    return new PreparedJson([...parts, '}']);
  }

  toText(): string {
    return this.#parts
      .map(part =>
        typeof part === 'string' ? part : Buffer.from(part).toString('utf8'),
      )
      .join('');
  }

  /** UTF-8. Written once: what is large is not put together as a text before. */
  toBytes(): Buffer {
    const bytes = Buffer.allocUnsafe(
      this.#parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0),
    );
    let end = 0;
    for (const part of this.#parts) {
      if (typeof part === 'string') end += bytes.write(part, end);
      else {
        bytes.set(part, end);
        end += part.length;
      }
    }
    return bytes;
  }

  /** What the text says. */
  parse(): unknown {
    return JSON.parse(this.toBytes().toString('utf8'));
  }
}
