import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import {
  K8sApiError,
  ResourceHealthLabel,
  groupSegment,
  namespaceSegment,
  unwrap,
  useClusters,
  useResource,
} from '@backstage-k8s/plugin-k8s-react';
import type {
  ChangeEverywhere,
  ClusterPlans,
  K8sApi,
  ResourceRef,
} from '@backstage-k8s/plugin-k8s-react';
import type { ObjectAction } from './objectActions';

/** How an object is, as it changes. */
function LiveHealth({ target }: { target: ResourceRef }) {
  const { data } = useResource(target);
  return data && !data.isGone ? (
    <ResourceHealthLabel health={data.row.health} />
  ) : null;
}

/** Routes of one object on many clusters. */
const ROUTE = '/resources/{group}/{plural}/{namespace}/{name}';
const ACTION_ROUTE = `${ROUTE}/actions/{action}` as const;
/** Selects all clusters: each has an id. */
const ALL = 'id';

/** What is done with the object: an action with what it needs to know, or its deletion. */
export type EverywhereChange =
  | {
      action: Exclude<ObjectAction, 'delete' | 'rollback'>;
      body?: { replicas?: number };
    }
  | {
      action: 'delete';
      propagation?: 'Background' | 'Foreground' | 'Orphan';
    };

interface Request {
  cluster: string;
  dryRun?: boolean;
  idempotencyKey?: string;
}

/**
 * An object's change as one of the object on every cluster that has it; undefined while there is no second cluster to do it on.
 *
 * @param options - `isChosen`: it is what was asked for; absent: it is offered
 */
export function useEverywhere(
  target: ResourceType & { namespace?: string; name: string },
  options: { change: EverywhereChange; isChosen?: boolean },
): ChangeEverywhere | undefined {
  const { change, isChosen } = options;
  const { data: clusters } = useClusters();
  if (!isChosen && (clusters?.length ?? 0) < 2) return undefined;
  const path = {
    group: groupSegment(target.group),
    plural: target.plural,
    namespace: namespaceSegment(target.namespace),
    name: target.name,
  };
  const send = async (
    { client }: K8sApi,
    request: Request,
  ): Promise<ClusterPlans> => {
    const { cluster, dryRun, idempotencyKey } = request;
    const header = idempotencyKey
      ? { header: { 'Idempotency-Key': idempotencyKey } }
      : {};
    if (change.action === 'delete') {
      const { propagation } = change;
      return unwrap(
        await client.DELETE(ROUTE, {
          params: { path, query: { cluster, dryRun, propagation }, ...header },
        }),
      );
    }
    const { action, body = {} } = change;
    return unwrap(
      await client.POST(ACTION_ROUTE, {
        params: {
          ...{ path: { ...path, action }, query: { cluster, dryRun } },
          ...header,
        },
        body,
      }),
    );
  };
  return {
    isChosen,
    dryRun: api => send(api, { cluster: ALL, dryRun: true }),
    run: async (api, { cluster, idempotencyKey }) => {
      const { errors } = await send(api, {
        ...{ cluster: `id=${cluster}`, idempotencyKey },
      });
      if (errors.length > 0) {
        const [{ error, status }] = errors;
        throw K8sApiError.fromAnswer(status, { error: { message: error } });
      }
      return { status: 'done' };
    },
    after:
      change.action === 'delete'
        ? undefined
        : cluster => <LiveHealth target={{ ...target, cluster }} />,
    // Until it is known, the name is asked for.
    isProtected: cluster =>
      clusters?.find(({ id }) => id === cluster)?.protected ?? true,
  };
}
