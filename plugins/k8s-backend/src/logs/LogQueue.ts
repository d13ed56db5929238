import type { LogEvent } from './PodLogs';

/** Bytes, roughly, that wait for a reader; then whoever adds more waits too, so that a slow reader holds the API server back. */
const ROOM_BYTES = 512 * 1024;
/** Lines of one event at most. */
const LINES_PER_EVENT = 500;

function weigh(event: LogEvent): number {
  if (event.type === 'text') return event.bytes.length;
  return event.type === 'lines'
    ? event.lines.reduce((sum, { text }) => sum + text.length + 50, 0)
    : 100;
}

/** What several logs say, in the order in which it arrived; what one log says in a row is put together. */
export class LogQueue {
  #waiting: LogEvent[] = [];
  #bytes = 0;
  #isOver = false;
  #wakeReader = () => {};
  #wakeWriters: (() => void)[] = [];

  /** Resolves when there is room for more; what is added after the end is dropped. */
  async add(event: LogEvent): Promise<void> {
    if (this.#isOver) return;
    this.#append(event);
    if (this.#bytes < ROOM_BYTES) return;
    await new Promise<void>(resolve => {
      this.#wakeWriters.push(resolve);
    });
  }

  /** Ends it after what waits, with an event or without. */
  end(event?: LogEvent): void {
    if (this.#isOver) return;
    if (event) this.#append(event);
    this.#isOver = true;
    this.#wakeReader();
    this.#releaseWriters();
  }

  /** Until the end, or at once when the signal is aborted. */
  async *events(signal: AbortSignal): AsyncGenerator<LogEvent> {
    const onAbort = () => {
      this.#waiting = [];
      this.end();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      for (;;) {
        const next = this.#waiting.shift();
        if (next) {
          this.#bytes -= weigh(next);
          if (this.#bytes < ROOM_BYTES) this.#releaseWriters();
          yield next;
          continue;
        }
        if (this.#isOver) return;
        await new Promise<void>(resolve => {
          this.#wakeReader = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      onAbort();
    }
  }

  #append(event: LogEvent) {
    this.#bytes += weigh(event);
    const last = this.#waiting.at(-1);
    const isSame =
      last?.type === 'lines' &&
      event.type === 'lines' &&
      last.pod === event.pod &&
      last.container === event.container &&
      last.lines.length + event.lines.length <= LINES_PER_EVENT;
    if (isSame) last.lines.push(...event.lines);
    else this.#waiting.push(event);
    this.#wakeReader();
  }

  #releaseWriters() {
    this.#wakeWriters.splice(0).forEach(wake => wake());
  }
}
