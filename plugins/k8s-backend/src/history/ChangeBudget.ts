/** Changes of one cluster that are looked at in a minute; more are dropped before they cost anything. */
const PER_MINUTE = 6_000;
/** Of one object: what changes more often does so by itself. */
const PER_OBJECT_AND_MINUTE = 20;
const MINUTE_MS = 60_000;

/** Bounds what hearing the changes of one cluster may cost. */
export class ChangeBudget {
  readonly #now: () => number;
  #since = 0;
  #spent = 0;
  /** Changes of this minute by uid. */
  readonly #byObject = new Map<string, number>();

  constructor(options: { now: () => number }) {
    this.#now = options.now;
  }

  /** Whether one more change of the object may be looked at. */
  admits(uid: string): boolean {
    const now = this.#now();
    if (now - this.#since >= MINUTE_MS) {
      this.#since = now;
      this.#spent = 0;
      this.#byObject.clear();
    }
    const ofObject = this.#byObject.get(uid) ?? 0;
    if (this.#spent >= PER_MINUTE || ofObject >= PER_OBJECT_AND_MINUTE) {
      return false;
    }
    this.#spent += 1;
    this.#byObject.set(uid, ofObject + 1);
    return true;
  }
}
