import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** A line on the page. */
export interface ShownLine extends Schema<'LogLine'> {
  /** Counts up; stays with the line. */
  id: number;
  pod: string;
  container: string;
}

/** Lines that are kept; some 200 bytes each. */
const KEPT_LINES = 50_000;
/** Lines that are dropped at once, so that dropping is rare. */
const DROPPED_AT_ONCE = 5_000;

/** The newest lines of several logs, in the order of their times as far as they arrive in it. */
export class LogBuffer {
  #lines: ShownLine[] = [];
  #nextId = 1;
  #dropped = 0;

  /** Another array whenever it changed. */
  get lines(): readonly ShownLine[] {
    return this.#lines;
  }

  /** Lines that are not kept any more. */
  get dropped(): number {
    return this.#dropped;
  }

  add(batch: {
    pod: string;
    container: string;
    lines: readonly Schema<'LogLine'>[];
  }): void {
    const { pod, container } = batch;
    const added = batch.lines.map(line => ({
      ...line,
      ...{ id: this.#nextId++, pod, container },
    }));
    this.#lines = merge(this.#lines, added);
    if (this.#lines.length > KEPT_LINES) {
      const excess = this.#lines.length - KEPT_LINES + DROPPED_AT_ONCE;
      this.#lines = this.#lines.slice(excess);
      this.#dropped += excess;
    }
  }
}

/** Puts a batch of one log where its times belong; what has no time comes last. */
function merge(
  lines: readonly ShownLine[],
  added: readonly ShownLine[],
): ShownLine[] {
  const first = added[0]?.at;
  const last = lines.at(-1)?.at;
  if (first === undefined || last === undefined || first >= last) {
    return [...lines, ...added];
  }
  // Only the end of what is there can be later than the batch.
  let start = lines.length;
  while (start > 0 && (lines[start - 1].at ?? '') > first) start -= 1;
  const tail = [...lines.slice(start), ...added].sort((one, other) =>
    compare(one.at ?? '', other.at ?? ''),
  );
  return [...lines.slice(0, start), ...tail];
}

/** RFC 3339 in UTC, of one server; the number of digits may differ. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
