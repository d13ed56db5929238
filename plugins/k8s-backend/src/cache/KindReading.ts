import { ListWatch } from './ListWatch';
import type { ListWatchOptions, ListWatchSink } from './ListWatch';

/** Reads a kind in one run after the other: each begins with a list. */
export class KindReading {
  readonly #options: Omit<ListWatchOptions, 'sink' | 'signal'>;
  readonly #sink: () => ListWatchSink;
  #run = new AbortController();
  #reader: ListWatch;

  /** Begins the first run. @param options - `sink`: where what a run reads goes */
  constructor(
    options: Omit<ListWatchOptions, 'sink' | 'signal'> & {
      sink: () => ListWatchSink;
    },
  ) {
    const { sink, ...rest } = options;
    this.#options = rest;
    this.#sink = sink;
    this.#reader = this.#start();
  }

  /** Whether nothing is read, nor will be unless it begins again. */
  get isEnded(): boolean {
    return this.#run.signal.aborted;
  }

  /** Ends the run, if there is one; nothing that it still reads is taken in. */
  end() {
    this.#run.abort();
  }

  /** Begins another run, in place of the one that there is. */
  begin() {
    this.#run.abort();
    this.#run = new AbortController();
    this.#reader = this.#start();
  }

  /** Opens the watch anew; with `relist` reads the list again. */
  renew(options: { relist: boolean }) {
    this.#reader.renew(options);
  }

  /** How long the line that arrives at the moment has been arriving; 0 when none is. */
  lineMs(): number {
    return this.#reader.lineMs();
  }

  #start(): ListWatch {
    const reader = new ListWatch({
      ...this.#options,
      sink: this.#sink(),
      signal: this.#run.signal,
    });
    // Never fails; ends with its signal.
    void reader.run();
    return reader;
  }
}
