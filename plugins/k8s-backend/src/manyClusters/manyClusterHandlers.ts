/**
 * Answers reads and changes of one object on many clusters. Each is the call of the one cluster: the same handler, with the modules'
 * middleware around it, for every cluster that is selected.
 */
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AuditLog } from '../audit/AuditLog';
import { refusedIntent } from '../audit/refusedIntent';
import { placeOfPath } from '../objects/ObjectPlace';
import type { Handlers, OperationId } from '../router/Handlers';
import { at } from '../rows/fields';
import { planOfDeletion } from '../workloads/plan';
import type { ClusterFanOut } from './ClusterFanOut';

/** The operations on many clusters. */
export type ManyClustersOperation =
  | 'actOnResourceOfClusters'
  | 'applyResourceOfClusters'
  | 'createResourceOfClusters'
  | 'deleteResourceOfClusters'
  | 'getResourceOfClusters'
  | 'patchResourceOfClusters';

/** What answers the same for one cluster. */
export type OneClusterHandlers = Pick<
  Handlers,
  | 'actOnResource'
  | 'applyResource'
  | 'createResource'
  | 'deleteResource'
  | 'getResource'
  | 'patchResource'
>;

interface ClustersRequest {
  context: RequestContext;
  path: Record<string, string>;
  query: { cluster: string; dryRun?: boolean };
  body: unknown;
}

/** @throws InputError for a manifest or patch of what is of one cluster only */
function checkMetadata(body: unknown): void {
  for (const field of ['resourceVersion', 'uid']) {
    if (at(body, 'metadata', field) !== undefined) {
      throw new InputError(
        'metadata.resourceVersion and metadata.uid are those of one cluster; leave them out for many',
      );
    }
  }
}

/** Answers the operations on many clusters. @param options - `handlers`: those of one cluster */
export function manyClusterHandlers(options: {
  fanOut: ClusterFanOut;
  audit: AuditLog;
  handlers: OneClusterHandlers;
}): Pick<Handlers, ManyClustersOperation> {
  const { fanOut, audit, handlers } = options;
  const change = (
    { context, path, query, body }: ClustersRequest,
    one: {
      operation: OperationId;
      work: Parameters<ClusterFanOut['change']>[0]['work'];
    },
  ) =>
    fanOut.change({
      context,
      selector: query.cluster,
      dryRun: query.dryRun === true,
      work: one.work,
      onRefused: async ({ id, name }, refusal) => {
        const intent = refusedIntent({
          operation: one.operation,
          path: { ...path, id },
          body,
        });
        if (!intent) return;
        await audit.refused(
          { ...intent, cluster: { id, name } },
          refusal.context,
          refusal.error,
        );
      },
    });
  /** What would go; undefined for who may delete it and not read it. */
  const planDeletion = async (request: {
    context: RequestContext;
    path: Parameters<typeof handlers.getResource>[0]['path'];
  }) => {
    try {
      const { object } = await handlers.getResource({
        ...{ ...request, query: {}, body: undefined },
      });
      return planOfDeletion(object as KubernetesObject);
    } catch (error) {
      const isUnseen =
        error instanceof NotFoundError || error instanceof NotAllowedError;
      if (isUnseen) return undefined;
      throw error;
    }
  };
  return {
    actOnResourceOfClusters: request =>
      change(request, {
        operation: 'actOnResource',
        work: ({ id }, context) =>
          handlers.actOnResource({
            ...{ context, body: request.body },
            path: { ...request.path, id },
            query: { dryRun: request.query.dryRun },
          }),
      }),
    applyResourceOfClusters: async request => {
      checkMetadata(request.body.manifest);
      return change(request, {
        operation: 'applyResource',
        work: ({ id }, context) =>
          handlers.applyResource({
            ...{ context, body: request.body },
            path: { ...request.path, id },
            query: { dryRun: request.query.dryRun },
          }),
      });
    },
    createResourceOfClusters: async request => {
      checkMetadata(request.body.manifest);
      return change(request, {
        operation: 'createResource',
        work: ({ id }, context) =>
          handlers.createResource({
            ...{ context, body: request.body },
            path: { ...request.path, id },
            query: { dryRun: request.query.dryRun },
          }),
      });
    },
    deleteResourceOfClusters: request =>
      change(request, {
        operation: 'deleteResource',
        work: async ({ id }, context) => {
          const { dryRun, propagation } = request.query;
          const path = { ...request.path, id };
          const { name, namespace } = placeOfPath(path);
          await handlers.deleteResource({
            ...{ context, path, body: undefined },
            query: { dryRun, propagation },
          });
          const place = { name, ...(namespace !== undefined && { namespace }) };
          if (!dryRun) return { ...place, status: 'done' };
          const plan = await planDeletion({ context, path });
          return { ...place, status: 'planned', ...(plan && { plan }) };
        },
      }),
    getResourceOfClusters: ({ context, path, query }) =>
      fanOut.read({
        ...{ context, selector: query.cluster },
        work: ({ id }, worker) =>
          handlers.getResource({
            ...{ context: worker, body: undefined },
            path: { ...path, id },
            query: { version: query.version },
          }),
      }),
    patchResourceOfClusters: async request => {
      checkMetadata(request.body.patch);
      return change(request, {
        operation: 'patchResource',
        work: ({ id }, context) =>
          handlers.patchResource({
            ...{ context, body: request.body },
            path: { ...request.path, id },
            query: { dryRun: request.query.dryRun },
          }),
      });
    },
  };
}
