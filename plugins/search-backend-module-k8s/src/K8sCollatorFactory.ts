import { Readable } from 'node:stream';
import {
  k8sResourceReadPermission,
  kindName,
} from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import { isNotFoundAnswer } from '@backstage-k8s/plugin-k8s-node';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DocumentCollatorFactory } from '@backstage/plugin-search-common';
import { toDocument } from './K8sDocument';
import type { K8sDocument } from './K8sDocument';
import type { IndexedCluster, ObjectReader } from './ObjectReader';

/** Makes the documents of all objects, anew at each run. */
export class K8sCollatorFactory implements DocumentCollatorFactory {
  readonly type = 'k8s';
  readonly visibilityPermission = k8sResourceReadPermission;
  readonly #reader: ObjectReader;
  readonly #kinds: readonly ResourceType[];
  readonly #basePath: string;
  readonly #logger: LoggerService;
  /** What was said already; the same at every run would help nobody. */
  readonly #said = new Set<string>();

  constructor(options: {
    reader: ObjectReader;
    kinds: readonly ResourceType[];
    /** Where the pages are mounted. */
    basePath: string;
    logger: LoggerService;
  }) {
    this.#reader = options.reader;
    this.#kinds = options.kinds;
    this.#basePath = options.basePath;
    this.#logger = options.logger;
  }

  async getCollator(): Promise<Readable> {
    return Readable.from(this.#documents());
  }

  async *#documents(): AsyncGenerator<K8sDocument> {
    const clusters = await this.#reader.clusters();
    if (clusters.length === 0) {
      this.#sayOnce(
        'The search has no objects of clusters: none is registered, or plugin:search has no role in k8s.permission.services',
      );
    }
    for (const cluster of clusters) {
      if (cluster.impersonate) {
        this.#sayOnce(
          'Objects of a cluster whose own rules decide for each user are not put into the index of the search',
          { cluster: cluster.name },
        );
        continue;
      }
      try {
        yield* this.#documentsOf(cluster);
      } catch (error) {
        // One cluster that cannot be read must not take the others out of the index.
        this.#logger.warn(
          'The objects of a cluster could not be read for the search',
          { cluster: cluster.name, error: String(error) },
        );
      }
    }
  }

  async *#documentsOf(cluster: IndexedCluster): AsyncGenerator<K8sDocument> {
    const known = new Map(
      (await this.#reader.kinds(cluster.id)).map(kind => [
        kindName(kind),
        kind.kind,
      ]),
    );
    for (const { group, plural } of this.#kinds) {
      const kind = known.get(kindName({ group, plural }));
      if (kind === undefined) continue;
      const type = { group, plural, kind };
      try {
        for await (const page of this.#reader.objects(cluster.id, type)) {
          for (const row of page.rows) {
            yield toDocument(row, {
              ...{ type, cluster, columns: page.columns },
              basePath: this.#basePath,
            });
          }
        }
      } catch (error) {
        // The kind or the cluster was removed meanwhile.
        if (!isNotFoundAnswer(error)) throw error;
      }
    }
  }

  #sayOnce(message: string, details: Record<string, string> = {}) {
    const key = [message, ...Object.values(details)].join(' ');
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#logger.info(message, details);
  }
}
