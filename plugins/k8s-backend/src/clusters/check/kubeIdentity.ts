/**
 * What an API server says of itself and of us.
 */
import { clusterFailureOf } from '../../errors/clusterErrors';
import type {
  KubeRequest,
  KubeResponse,
} from '../../connection/ClusterConnection';
import type { AccessRight } from './accessRights';

/** Sends a request to the API server in question. */
export type Ask = (request: KubeRequest) => Promise<KubeResponse>;

const NOT_FOUND = 404;
/** Who the API server takes those for whose credential it did not look at. */
export const ANONYMOUS = 'system:anonymous';

/** Version of the API server, e.g. `v1.37.2`. */
export async function readVersion(ask: Ask): Promise<string | undefined> {
  const response = await ask({ path: '/version' });
  const { gitVersion } = await response.json<{ gitVersion?: unknown }>();
  return typeof gitVersion === 'string' ? gitVersion.slice(0, 64) : undefined;
}

/** Who we are to the API server; undefined: it is too old (below 1.28) to say. */
export async function readUser(ask: Ask): Promise<string | undefined> {
  try {
    const response = await ask({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'SelfSubjectReview',
      },
    });
    const review = await response.json<{
      status?: { userInfo?: { username?: string } };
    }>();
    return review.status?.userInfo?.username;
  } catch (error) {
    if (clusterFailureOf(error)?.status === NOT_FOUND) return undefined;
    throw error;
  }
}

/** Whether our credential has the right. Everybody who is signed in may ask. */
export async function hasRight(ask: Ask, right: AccessRight): Promise<boolean> {
  const response = await ask({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: right },
    },
  });
  const review = await response.json<{ status?: { allowed?: boolean } }>();
  return review.status?.allowed === true;
}

/** UID of the kube-system namespace, which tells one cluster from another. */
export async function readClusterUid(ask: Ask): Promise<string | undefined> {
  const response = await ask({ path: '/api/v1/namespaces/kube-system' });
  const { metadata } = await response.json<{ metadata?: { uid?: unknown } }>();
  return typeof metadata?.uid === 'string'
    ? metadata.uid.slice(0, 64)
    : undefined;
}
