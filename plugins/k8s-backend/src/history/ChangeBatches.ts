import type {
  ChangeListener,
  DroppedChange,
  DroppedChanges,
  ObjectChange,
} from './ObjectChange';

/** Milliseconds from the first change until all that came meanwhile are told: one message between threads for many. */
const BATCH_MS = 100;

/** Gathers changes, and tells of them together. */
export class ChangeBatches {
  readonly #listener: ChangeListener;
  #changes: ObjectChange[] = [];
  /** By kind and cluster. */
  #dropped = new Map<string, DroppedChanges>();
  #timer: NodeJS.Timeout | undefined;

  constructor(listener: ChangeListener) {
    this.#listener = listener;
  }

  add(change: ObjectChange | DroppedChange): void {
    if ('dropped' in change) this.#drop(change);
    else this.#changes.push(change);
    this.#timer ??= setTimeout(() => this.#tell(), BATCH_MS).unref();
  }

  /** Tells of what has gathered, and ends. */
  stop(): void {
    if (this.#timer) this.#tell();
  }

  #drop({ cluster, group, plural }: DroppedChange) {
    const key = `${cluster} ${group} ${plural}`;
    const { count } = this.#dropped.get(key) ?? { count: 0 };
    this.#dropped.set(key, { cluster, group, plural, count: count + 1 });
  }

  #tell() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = this.#changes;
    const dropped = [...this.#dropped.values()];
    this.#changes = [];
    this.#dropped = new Map();
    this.#listener(changes, dropped);
  }
}
