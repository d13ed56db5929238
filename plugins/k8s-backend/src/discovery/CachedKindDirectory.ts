/**
 * The kinds of each cluster, kept for a while. Who asks for a kind that is known is answered at once, also while the cluster
 * is away, and the cluster is looked at again meanwhile; a kind that is not known is looked for, but not more often than
 * every few seconds. One reading of a cluster runs at a time, and serves all who wait.
 */
import { isError, NotFoundError } from '@backstage/errors';
import type {
  KindDescription,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import type { CacheState, ResourceKind } from '@backstage-k8s/plugin-k8s-node';
import type {
  ClusterConnection,
  ClusterConnections,
} from '../connection/ClusterConnection';
import { untilAborted } from '../connection/untilAborted';
import { describeKind } from './describeKind';
import type { DiscoveredKind, Discovery } from './DiscoveredKind';
import { discoverKinds } from './discoverKinds';
import type { KindDirectory } from './KindDirectory';
import { readDefinitions } from './readDefinitions';
import type { Definition } from './readDefinitions';

/** Milliseconds after which a cluster is looked at again when somebody asks, without letting them wait. */
const FRESH_MS = 15_000;
/** Milliseconds after which a list of kinds is not answered without a new look. */
const MAX_AGE_MS = 60_000;
/** Milliseconds between two looks at a cluster, whoever asks for whatever. */
const PAUSE_MS = 3_000;

/** What is known of a cluster. */
interface Known {
  kinds: ReadonlyMap<string, DiscoveredKind>;
  /** Undefined: our credential may not list them, or the cluster does not answer for them. */
  definitions: ReadonlyMap<string, Definition> | undefined;
  failedGroups: readonly string[];
  /** Milliseconds since 1970. */
  readAt: number;
}

interface Entry {
  readonly generation: number;
  known?: Known;
  reading?: Promise<Known>;
  /** Milliseconds since 1970; 0: never. */
  triedAt: number;
  /** Of the last try, when it failed. */
  error?: unknown;
}

const keyOf = ({ group, plural }: ResourceType) => `${plural}.${group}`;

/** What a group had that does not answer now; an API that fails for a moment does not lose its kinds. */
function withFailedGroups(found: Discovery, before: Known | undefined) {
  const kinds = new Map(found.kinds.map(kind => [keyOf(kind), kind]));
  for (const [key, kind] of before?.kinds ?? []) {
    if (found.failedGroups.includes(kind.group) && !kinds.has(key)) {
      kinds.set(key, kind);
    }
  }
  return kinds;
}

/** Reads kinds by discovery and remembers them. */
export class CachedKindDirectory implements KindDirectory {
  readonly #connections: ClusterConnections;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #stopListening: () => void;

  constructor(options: {
    connections: ClusterConnections;
    /** Milliseconds since 1970. */
    now: () => number;
  }) {
    this.#connections = options.connections;
    this.#now = options.now;
    this.#stopListening = this.#connections.onChange(({ cluster, action }) => {
      if (action === 'removed') this.#entries.delete(cluster);
    });
  }

  async list(
    cluster: string,
    { signal }: { signal: AbortSignal },
  ): Promise<{ kinds: KindDescription[]; cache: CacheState }> {
    const { entry, connection } = await this.#entry(cluster);
    const known = await this.#atMost(MAX_AGE_MS, {
      ...{ entry, connection, signal },
    });
    const kinds = [...known.kinds.values()]
      .map(kind => this.#describe(known, kind))
      .sort((one, other) =>
        one.group === other.group
          ? compare(one.plural, other.plural)
          : compare(one.group, other.group),
      );
    return { kinds, cache: this.#state(entry, known) };
  }

  async find(
    cluster: string,
    type: ResourceType & { version?: string },
    { signal }: { signal: AbortSignal },
  ): Promise<KindDescription> {
    const { entry, connection } = await this.#entry(cluster);
    const find = (known: Known | undefined) => {
      const kind = known?.kinds.get(keyOf(type));
      const isServed =
        type.version === undefined || kind?.versions.includes(type.version);
      return known && kind && isServed
        ? this.#describe(known, kind, type.version)
        : undefined;
    };
    const found = find(entry.known);
    if (found) {
      this.#refreshLater(entry, connection);
      return found;
    }
    const known = await this.#atMost(PAUSE_MS, { entry, connection, signal });
    const late = find(known);
    if (late) return late;
    // What was not there when the cluster was last seen may be by now.
    if (entry.error !== undefined) throw entry.error;
    const { group, plural, version } = type;
    const name = group === '' ? plural : `${plural}.${group}`;
    throw new NotFoundError(
      `The cluster has no kind ${name}${
        version ? ` in version ${version}` : ''
      }`,
    );
  }

  /** Whether the cluster tells changes of a kind, as far as is known at once: of one that is not known, yes. */
  hasWatch({ cluster, ...type }: ResourceKind): boolean {
    const kind = this.#entries.get(cluster)?.known?.kinds.get(keyOf(type));
    return kind?.verbs.includes('watch') ?? true;
  }

  /** Stops following the clusters. */
  stop(): void {
    this.#stopListening();
    this.#entries.clear();
  }

  /** @throws NotFoundError, ServiceUnavailableError */
  async #entry(
    cluster: string,
  ): Promise<{ entry: Entry; connection: ClusterConnection }> {
    const connection = await this.#connections.get(cluster);
    const { generation } = connection;
    let entry = this.#entries.get(cluster);
    if (entry?.generation !== generation) {
      entry = { generation, triedAt: 0 };
      this.#entries.set(cluster, entry);
    }
    return { entry, connection };
  }

  /** What is known, not older than that where the cluster answers. @throws when nothing is known of it */
  async #atMost(
    ageMs: number,
    options: {
      entry: Entry;
      connection: ClusterConnection;
      signal: AbortSignal;
    },
  ): Promise<Known> {
    const { entry, connection, signal } = options;
    const { known } = entry;
    const now = this.#now();
    if (known && now - known.readAt < ageMs) {
      this.#refreshLater(entry, connection);
      return known;
    }
    if (entry.reading || now - entry.triedAt >= PAUSE_MS) {
      try {
        return await untilAborted(this.#read(entry, connection), signal);
      } catch (error) {
        if (signal.aborted || !entry.known) throw error;
      }
    }
    if (!entry.known) throw entry.error;
    return entry.known;
  }

  #refreshLater(entry: Entry, connection: ClusterConnection) {
    const now = this.#now();
    const isFresh =
      entry.known !== undefined && now - entry.known.readAt < FRESH_MS;
    if (isFresh || entry.reading || now - entry.triedAt < PAUSE_MS) return;
    // Kept with the entry, for who asks next.
    this.#read(entry, connection).catch(() => undefined);
  }

  #read(entry: Entry, connection: ClusterConnection): Promise<Known> {
    if (entry.reading) return entry.reading;
    entry.triedAt = this.#now();
    const reading = this.#readKnown(entry, connection)
      .then(known => {
        entry.known = known;
        entry.error = undefined;
        return known;
      })
      .catch(error => {
        entry.error = error;
        throw error;
      })
      .finally(() => {
        entry.reading = undefined;
      });
    entry.reading = reading;
    return reading;
  }

  async #readKnown(
    entry: Entry,
    connection: ClusterConnection,
  ): Promise<Known> {
    // Nobody's own request: who goes away does not take it from the others. The connection's time limits end it.
    const { signal } = new AbortController();
    const [found, definitions] = await Promise.all([
      discoverKinds(connection, signal),
      // Without them kinds have no columns; that is no reason to have no kinds.
      readDefinitions(connection, signal).catch(() => entry.known?.definitions),
    ]);
    return {
      kinds: withFailedGroups(found, entry.known),
      definitions,
      failedGroups: found.failedGroups,
      readAt: this.#now(),
    };
  }

  #describe(known: Known, kind: DiscoveredKind, version?: string) {
    return describeKind(kind, {
      version,
      definition: known.definitions?.get(keyOf(kind)),
      areDefinitionsKnown: known.definitions !== undefined,
    });
  }

  #state({ error }: Entry, known: Known): CacheState {
    const asOf = new Date(known.readAt).toISOString();
    if (error !== undefined) {
      const message = isError(error) ? error.message : undefined;
      return { state: 'stale', asOf, ...(message && { message }) };
    }
    if (known.failedGroups.length > 0) {
      const groups = known.failedGroups.join(', ');
      const message = `These API groups do not answer: ${groups}`;
      return { state: 'stale', asOf, message };
    }
    return { state: 'live' };
  }
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
