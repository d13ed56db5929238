import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { groupOfPath } from '../discovery/groupOfPath';
import type { Handlers } from '../router/Handlers';
import type { ObjectActions } from './ObjectActions';
import { placeOfPath } from './ObjectPlace';
import type { ObjectReader } from './ObjectReader';
import type { ObjectService } from './ObjectService';

/** Answers the operations on single objects of any kind. */
export function objectHandlers(options: {
  reader: ObjectReader;
  objects: ObjectService;
  actions: ObjectActions;
}): Pick<
  Handlers,
  | 'getResource'
  | 'createResource'
  | 'applyResource'
  | 'patchResource'
  | 'deleteResource'
  | 'actOnResource'
  | 'listRevisions'
> {
  const { reader, objects, actions } = options;
  return {
    getResource: ({ path, query, context }) =>
      reader.get(placeOfPath(path), { context, ...query }),
    createResource: ({ path, query, body, context }) =>
      objects.create(
        {
          cluster: path.id,
          group: groupOfPath(path.group),
          plural: path.plural,
        },
        body.manifest as KubernetesObject,
        { context, dryRun: query.dryRun === true },
      ),
    applyResource: ({ path, query, body, context }) =>
      objects.apply(placeOfPath(path), body.manifest as KubernetesObject, {
        context,
        dryRun: query.dryRun === true,
        force: body.force === true,
      }),
    patchResource: ({ path, query, body, context }) =>
      objects.patch(placeOfPath(path), body.patch, {
        context,
        dryRun: query.dryRun === true,
        resourceVersion: body.resourceVersion,
      }),
    deleteResource: ({ path, query, context }) => {
      const { resourceVersion, uid, propagation } = query;
      return objects.delete(placeOfPath(path), {
        ...{ context, propagation },
        dryRun: query.dryRun === true,
        ...((resourceVersion ?? uid) !== undefined && {
          precondition: { resourceVersion, uid },
        }),
      });
    },
    actOnResource: ({ path, query, body, context }) =>
      actions.act(placeOfPath(path), path.action, {
        ...{ context, input: body },
        dryRun: query.dryRun === true,
      }),
    listRevisions: ({ path, context }) =>
      reader.revisions(placeOfPath(path), context),
  };
}
