/** New versions of objects of one cluster that are looked at in a minute; more are dropped before they cost anything. */
const LOOKS = 6_000;
/** In one namespace, so that one that is busy does not take the looks of all others. */
const LOOKS_IN_NAMESPACE = 1_500;
/** Of one object: most new versions are of its status, of which a rollout makes dozens. */
const LOOKS_AT_OBJECT = 600;
/** Changes of one object that are told of in a minute; what somebody changes more often is changed by a program. */
const CHANGES_OF_OBJECT = 30;
const MINUTE_MS = 60_000;

/** Bounds what hearing the changes of one cluster may cost. */
export class ChangeBudget {
  readonly #now: () => number;
  #since = 0;
  #looks = 0;
  /** Of this minute, by namespace; cluster-scoped objects have one together. */
  readonly #byNamespace = new Map<string, number>();
  /** Of this minute, by uid. */
  readonly #byObject = new Map<string, { looks: number; changes: number }>();

  constructor(options: { now: () => number }) {
    this.#now = options.now;
  }

  /** Whether one more version of the object may be looked at. */
  admitsLook(uid: string, namespace = ''): boolean {
    const spent = this.#spentOn(uid);
    const there = this.#byNamespace.get(namespace) ?? 0;
    if (this.#looks >= LOOKS || there >= LOOKS_IN_NAMESPACE) return false;
    if (spent.looks >= LOOKS_AT_OBJECT) return false;
    this.#byNamespace.set(namespace, there + 1);
    this.#looks += 1;
    spent.looks += 1;
    return true;
  }

  /** Whether one more change of the object may be told of. */
  admitsChange(uid: string): boolean {
    const spent = this.#spentOn(uid);
    if (spent.changes >= CHANGES_OF_OBJECT) return false;
    spent.changes += 1;
    return true;
  }

  #spentOn(uid: string): { looks: number; changes: number } {
    const now = this.#now();
    if (now - this.#since >= MINUTE_MS) {
      this.#since = now;
      this.#looks = 0;
      this.#byNamespace.clear();
      this.#byObject.clear();
    }
    const known = this.#byObject.get(uid) ?? { looks: 0, changes: 0 };
    this.#byObject.set(uid, known);
    return known;
  }
}
