/** Milliseconds that a decision is remembered; a right that is taken away ends this much later at most. */
export const REMEMBERED_MS = 4_000;
/** Decisions that are remembered; one is a few hundred bytes. */
const MAXIMUM_ENTRIES = 10_000;

/** Remembers decisions for seconds, so that a request asks the policy once per permission. */
export class DecisionMemory<Decision> {
  private readonly entries = new Map<
    string,
    { decision: Promise<Decision>; until: number }
  >();

  /** The decision for a key, asked for when it is not known; a failure is not remembered. */
  get(key: string, ask: () => Promise<Decision>): Promise<Decision> {
    const now = performance.now();
    const known = this.entries.get(key);
    if (known && known.until > now) return known.decision;
    const decision = ask();
    // Deleted first: a Map is in order of insertion, so the first entry is always the oldest.
    this.entries.delete(key);
    this.entries.set(key, { decision, until: now + REMEMBERED_MS });
    decision.catch(() => {
      if (this.entries.get(key)?.decision === decision) {
        this.entries.delete(key);
      }
    });
    const [oldest] = this.entries.keys();
    if (this.entries.size > MAXIMUM_ENTRIES) this.entries.delete(oldest);
    return decision;
  }
}
