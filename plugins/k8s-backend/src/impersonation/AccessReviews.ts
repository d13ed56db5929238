/**
 * What the cluster's own rules allow a caller, asked of the cluster as the caller. Answers are remembered for seconds, so that many
 * pages of one user cost one question per kind.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/
 */
import { createHash } from 'node:crypto';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import type { ClusterConnections } from '../connection/ClusterConnection';
import type { KubeIdentity } from '../connection/KubeIdentity';
import { Turns } from './Turns';

/** What somebody wants to do. */
export interface ReviewedAccess extends ResourceType {
  /** Cluster id. */
  cluster: string;
  verb: string;
  /** Absent: in all namespaces. */
  namespace?: string;
  /** Absent: all of the kind. */
  name?: string;
  subresource?: string;
}

/**
 * Milliseconds that an answer counts. Streams look every 1.9 s, and another page may have asked at any moment: with this a lost right
 * ends them within 10 s.
 */
const REMEMBERED_MS = 6_500;
const MAX_REMEMBERED = 20_000;
/** Reviews of one cluster that are asked at once: its other requests need connections, too. */
const AT_ONCE = 8;
const PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

interface Answer {
  until: number;
  allowed: Promise<boolean>;
}

/** Asks clusters what their rules allow. */
export class AccessReviews {
  readonly #connections: ClusterConnections;
  readonly #now: () => number;
  readonly #answers = new Map<string, Answer>();
  readonly #turns = new Turns(AT_ONCE);

  constructor(options: {
    connections: ClusterConnections;
    /** Milliseconds since 1970. */
    now: () => number;
  }) {
    this.#connections = options.connections;
    this.#now = options.now;
  }

  /** @throws what the connection throws: who cannot be asked about is not allowed */
  async allows(access: ReviewedAccess, as: KubeIdentity): Promise<boolean> {
    const key = keyOf(access, as);
    const known = this.#answers.get(key);
    if (known && known.until > this.#now()) return known.allowed;
    const allowed = this.#turns.take(access.cluster, () =>
      this.#ask(access, as),
    );
    this.#answers.delete(key);
    this.#answers.set(key, { until: this.#now() + REMEMBERED_MS, allowed });
    // What could not be asked is asked again.
    allowed.catch(() => this.#answers.delete(key));
    if (this.#answers.size > MAX_REMEMBERED) {
      const [oldest] = this.#answers.keys();
      this.#answers.delete(oldest);
    }
    return allowed;
  }

  async #ask(access: ReviewedAccess, as: KubeIdentity): Promise<boolean> {
    const { cluster, verb, group, plural, namespace, name, subresource } =
      access;
    const connection = await this.#connections.get(cluster);
    const response = await connection.request({
      method: 'POST',
      path: PATH,
      as,
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: {
          resourceAttributes: {
            verb,
            group,
            resource: plural,
            namespace,
            name,
            subresource,
          },
        },
      },
    });
    const { status } = await response.json<{
      status?: { allowed?: unknown; denied?: unknown };
    }>();
    return status?.allowed === true && status.denied !== true;
  }
}

function keyOf(access: ReviewedAccess, { user, groups }: KubeIdentity): string {
  const { cluster, verb, group, plural, namespace, name, subresource } = access;
  return createHash('sha256')
    .update(
      JSON.stringify([
        [cluster, verb, group, plural, namespace, name, subresource],
        user,
        groups,
      ]),
    )
    .digest('base64url');
}
