import { logText } from './logText';

/** Bytes of a line after which it is passed on in parts, so that it is not kept. */
const LONG_LINE = 64 * 1024;

const NEWLINE = 0x0a;
/** Most of what is written has nothing in it that a line might have to lose. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;

/** Whole lines as they may be kept, see {@link logText}. */
function cleaned(lines: Buffer): Buffer {
  if (PLAIN.test(lines.toString('latin1'))) return lines;
  return Buffer.from(lines.toString().split('\n').map(logText).join('\n'));
}

/** Where the last character of UTF-8 begins, which may not be there as a whole. */
function startOfLastCharacter(bytes: Buffer): number {
  let start = bytes.length - 1;
  // eslint-disable-next-line no-bitwise -- what marks the bytes that go on with a character
  while (start > 0 && (bytes[start] & 0xc0) === 0x80) start -= 1;
  return start;
}

/** Makes whole lines of pieces of bytes. It is many times as fast as making each line, and cuts no line. */
export class LogTextSplitter {
  /** The beginning of a line whose end is not there yet. */
  #rest: Uint8Array = new Uint8Array();

  /** The lines that end in this piece, with their ends; empty where none does. They may share its memory. */
  push(piece: Uint8Array): Buffer {
    const bytes =
      this.#rest.length > 0
        ? Buffer.concat([this.#rest, piece])
        : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    const isLong = bytes.length - whole > LONG_LINE;
    const end = isLong ? startOfLastCharacter(bytes) : whole;
    this.#rest = bytes.subarray(end);
    return cleaned(bytes.subarray(0, end));
  }

  /** The last line, where it has no end. */
  end(): Buffer {
    return this.#rest.length === 0
      ? Buffer.from('')
      : cleaned(Buffer.concat([this.#rest, Buffer.from('\n')]));
  }
}
