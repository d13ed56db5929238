import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  ResourceChange,
  ResourceQuery,
} from '@backstage-k8s/plugin-k8s-node';
import type { LiveRows } from './LiveRows';
import type { LiveRow } from './LiveTopics';
import type { WatchSource } from './watchTogether';

/** Rows of which each is made from one object alone, e.g. namespaces. */
export class SimpleRows implements LiveRows {
  readonly sources: readonly WatchSource[];
  private readonly objects = new Map<string, KubernetesObject>();
  private changed = new Set<string>();

  constructor(
    query: ResourceQuery,
    private readonly rowOf: (object: KubernetesObject) => LiveRow,
  ) {
    this.sources = [{ query, onChange: change => this.onChange(change) }];
  }

  async take(options: {
    all: boolean;
  }): Promise<ReadonlyMap<string, LiveRow | undefined>> {
    const keys = options.all ? this.objects.keys() : this.changed;
    const rows = new Map<string, LiveRow | undefined>();
    for (const key of [...keys, ...this.changed]) {
      const object = this.objects.get(key);
      rows.set(key, object && this.rowOf(object));
    }
    this.changed = new Set();
    return rows;
  }

  private onChange(change: ResourceChange): void {
    if (change.type === 'RESET') {
      for (const key of this.objects.keys()) this.changed.add(key);
      this.objects.clear();
    }
    if (!('object' in change)) return;
    const key = change.object.metadata.name ?? '';
    this.changed.add(key);
    if (change.type === 'DELETED') this.objects.delete(key);
    else this.objects.set(key, change.object);
  }
}
