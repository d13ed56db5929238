import { logText } from './logText';

/** Bytes of a line after which it is passed on in parts, so that it is not kept. */
const LONG_LINE = 64 * 1024;

const NEWLINE = 0x0a;
/** Most of what is written has nothing in it that a line might have to lose. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;
/** In UTF-8: the bytes after the first one of a character, and the first of one that has several. */
const NEXT_BYTES = { from: 0x80, to: 0xbf };
const FIRST_OF_SEVERAL = 0xc0;
const MAX_NEXT_BYTES = 3;

/** Whole lines as they may be kept, see {@link logText}. */
function cleaned(lines: Buffer): Buffer {
  if (PLAIN.test(lines.toString('latin1'))) return lines;
  return Buffer.from(lines.toString().split('\n').map(logText).join('\n'));
}

/** The end of what has no character in it that may go on in the next piece. What is no UTF-8 may be cut anywhere. */
function endOfCharacters(bytes: Buffer): number {
  let last = bytes.length - 1;
  const furthest = Math.max(last - MAX_NEXT_BYTES, 0);
  while (
    last > furthest &&
    bytes[last] >= NEXT_BYTES.from &&
    bytes[last] <= NEXT_BYTES.to
  ) {
    last -= 1;
  }
  return bytes[last] >= FIRST_OF_SEVERAL ? last : bytes.length;
}

/** Makes whole lines of pieces of bytes. It is many times as fast as making each line, and cuts no line. */
export class LogTextSplitter {
  /** The beginning of a line whose end is not there yet. */
  #rest: Uint8Array = new Uint8Array();

  /**
   * The lines that end in this piece, with their ends, and parts of a line that is too long to be kept; empty where there are none.
   * They may share the memory of the piece.
   */
  push(piece: Uint8Array): Buffer {
    const bytes =
      this.#rest.length > 0
        ? Buffer.concat([this.#rest, piece])
        : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    const isLong = bytes.length - whole > LONG_LINE;
    const end = isLong ? endOfCharacters(bytes) : whole;
    this.#rest = bytes.subarray(end);
    return cleaned(bytes.subarray(0, end));
  }

  /** The rest of the last line, where it has no end, with one. */
  end(): Buffer {
    return this.#rest.length === 0
      ? Buffer.from('')
      : cleaned(Buffer.concat([this.#rest, Buffer.from('\n')]));
  }
}
