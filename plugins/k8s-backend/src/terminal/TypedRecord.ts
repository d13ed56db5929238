/**
 * What is typed at a terminal, kept in pieces: every two seconds, or earlier when there is much. What acts on a terminal is written
 * out, so that whoever reads it later sees what was done and nothing happens to them.
 */
import { StringDecoder } from 'node:string_decoder';
import { writtenOut } from '../views/visibleText';

/** Milliseconds. */
const FLUSH_MS = 2_000;
/** Characters of one value of an audit entry: below what it would be shortened to, even if words in it are taken for secrets. */
const PIECE_LENGTH = 240;
/** Values of an entry; all together fit into one, whatever script they are in. */
const PIECES = 5;
/** Characters that are kept of one terminal. More cannot be typed by hand, and what is not kept is not let through. */
const MAXIMUM_LENGTH = 256 * 1024;

/** What one entry keeps. */
export interface TypedPart {
  /** Counts from 1. */
  part: number;
  /** One after the other. */
  typed: string[];
}

/** Keeps what is typed. */
export class TypedRecord {
  readonly #keep: (part: TypedPart) => Promise<void>;
  readonly #onFailure: (reason: 'auditFailed' | 'limit') => void;
  readonly #decoder = new StringDecoder('utf8');
  readonly #timer: NodeJS.Timeout;
  #text = '';
  #length = 0;
  #parts = 0;
  #writing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(options: {
    /** Writes an entry. @throws when it is not written */
    keep: (part: TypedPart) => Promise<void>;
    /** Told once when not everything can be kept. */
    onFailure: (reason: 'auditFailed' | 'limit') => void;
    flushMs?: number;
  }) {
    this.#keep = options.keep;
    this.#onFailure = options.onFailure;
    this.#timer = setInterval(() => this.#flush(), options.flushMs ?? FLUSH_MS);
  }

  /** @returns whether it will be kept, and so may be passed on */
  add(data: Uint8Array): boolean {
    if (this.#hasFailed) return false;
    const text = this.#decoder.write(Buffer.from(data));
    this.#length += text.length;
    if (this.#length > MAXIMUM_LENGTH) {
      this.#fail('limit');
      return false;
    }
    // The Enter key is a carriage return.
    this.#text += writtenOut(text.replace(/\r/g, '\n'));
    if (this.#text.length >= PIECE_LENGTH * PIECES) this.#flush();
    return true;
  }

  /** Resolves when everything is kept, or cannot be. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#text += writtenOut(this.#decoder.end());
    this.#flush();
    await this.#writing;
  }

  #flush() {
    const text = this.#text;
    this.#text = '';
    const perEntry = PIECE_LENGTH * PIECES;
    for (let start = 0; start < text.length; start += perEntry) {
      this.#write(text.slice(start, start + perEntry));
    }
  }

  #write(text: string) {
    const typed: string[] = [];
    for (let start = 0; start < text.length; start += PIECE_LENGTH) {
      typed.push(text.slice(start, start + PIECE_LENGTH));
    }
    const part = ++this.#parts;
    this.#writing = this.#writing
      .then(() => this.#keep({ part, typed }))
      .catch(() => this.#fail('auditFailed'));
  }

  #fail(reason: 'auditFailed' | 'limit') {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#onFailure(reason);
  }
}
