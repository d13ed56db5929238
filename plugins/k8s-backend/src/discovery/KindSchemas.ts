import { NotFoundError } from '@backstage/errors';
import type { KindDescription } from '@backstage-k8s/plugin-k8s-common';
import type {
  ClusterConnection,
  ClusterConnections,
} from '../connection/ClusterConnection';
import { at, textOf } from '../rows/fields';
import { pruneSchema } from './pruneSchema';
import type { JsonSchema } from './pruneSchema';

/** Schemas that are kept; one is some hundred kilobytes. */
const MAX_KEPT = 64;

/** Reads the schemas of kinds from the clusters' OpenAPI documents; what a document's hash says is unchanged is not read again. */
export class KindSchemas {
  readonly #connections: ClusterConnections;
  /** By cluster and kind; the one used last is last. */
  readonly #kept = new Map<string, { hash: string; schema: JsonSchema }>();

  constructor(options: { connections: ClusterConnections }) {
    this.#connections = options.connections;
    this.#connections.onChange(({ cluster }) => {
      for (const key of this.#kept.keys()) {
        if (key.startsWith(`${cluster} `)) this.#kept.delete(key);
      }
    });
  }

  /**
   * The schema of a kind in its version.
   *
   * @throws NotFoundError when the cluster publishes none; ServiceUnavailableError
   */
  async get(
    cluster: string,
    kind: Pick<KindDescription, 'group' | 'version' | 'kind'>,
    { signal }: { signal: AbortSignal },
  ): Promise<JsonSchema> {
    const { group, version } = kind;
    const connection = await this.#connections.get(cluster);
    const root = group === '' ? `api/${version}` : `apis/${group}/${version}`;
    const hash = await this.#hashOf(connection, root, signal);
    const key = `${cluster} ${root} ${kind.kind}`;
    const kept = this.#kept.get(key);
    if (hash !== undefined && kept?.hash === hash) {
      this.#keep(key, kept);
      return kept.schema;
    }
    const answer = await connection
      .request({ path: `/openapi/v3/${root}`, query: { hash }, signal })
      .catch(error => {
        throw error instanceof NotFoundError ? notPublished(kind) : error;
      });
    const schema = pruneSchema(await answer.json<unknown>(), kind);
    if (!schema) throw notPublished(kind);
    if (hash !== undefined) this.#keep(key, { hash, schema });
    return schema;
  }

  /** The hash of the document of an API version, by the index of documents. */
  async #hashOf(
    connection: ClusterConnection,
    root: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const answer = await connection
      .request({ path: '/openapi/v3', signal })
      .catch(error => {
        throw error instanceof NotFoundError
          ? new NotFoundError(
              'The cluster does not publish the schemas of its kinds (it needs Kubernetes 1.24 or newer)',
            )
          : error;
      });
    const index = await answer.json<unknown>();
    const url = textOf(at(index, 'paths', root, 'serverRelativeURL'));
    // Only the hash is taken: where to go is not for the answer to say.
    const query = url === undefined ? '' : url.slice(url.indexOf('?') + 1);
    return new URLSearchParams(query).get('hash') ?? undefined;
  }

  #keep(key: string, kept: { hash: string; schema: JsonSchema }) {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(oldest);
    }
  }
}

function notPublished({ kind }: { kind: string }): NotFoundError {
  return new NotFoundError(`The cluster publishes no schema of ${kind}`);
}
