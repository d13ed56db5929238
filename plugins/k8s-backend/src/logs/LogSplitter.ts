/**
 * Splits what an API server answers into lines. Each begins with its time and a blank, since logs are asked for with
 * `timestamps`; a line whose beginning is no time has none.
 */
import { StringDecoder } from 'node:string_decoder';
import { logText } from './logText';
import type { LogLine } from './PodLogs';

/** UTF-16 units of a line, its time included; the rest of it is left out. */
export const MAX_LINE_LENGTH = 64 * 1024;

const TIME =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) /;

function lineOf(raw: string, cut: boolean): LogLine {
  const time = TIME.exec(raw);
  return {
    ...(time && { at: time[1] }),
    text: logText(time ? raw.slice(time[0].length) : raw),
    ...(cut && { cut: true }),
  };
}

/** Makes lines of pieces of bytes. */
export class LogSplitter {
  readonly #decoder = new StringDecoder('utf8');
  /** The beginning of a line whose end is not there yet. */
  #rest = '';
  /** The rest of this line was too long already. */
  #isCut = false;

  /** The lines that end in this piece. */
  push(piece: Uint8Array): LogLine[] {
    const parts = this.#decoder.write(Buffer.from(piece)).split('\n');
    const last = parts.pop() ?? '';
    const lines = parts.map(part => {
      this.#grow(part);
      return this.#take();
    });
    this.#grow(last);
    return lines;
  }

  /** The last line, where it has no end. */
  end(): LogLine[] {
    this.#grow(this.#decoder.end());
    return this.#rest === '' ? [] : [this.#take()];
  }

  #grow(text: string) {
    const room = MAX_LINE_LENGTH - this.#rest.length;
    this.#rest += text.slice(0, room);
    this.#isCut ||= text.length > room;
  }

  #take(): LogLine {
    const line = lineOf(this.#rest, this.#isCut);
    this.#rest = '';
    this.#isCut = false;
    return line;
  }
}
