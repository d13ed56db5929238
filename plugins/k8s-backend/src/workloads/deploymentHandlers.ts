import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { Handlers } from '../router/Handlers';
import type { DeploymentPlace, DeploymentReader } from './DeploymentReader';
import type { ChangeOptions, DeploymentService } from './DeploymentService';
import type { ServiceDeployments } from './ServiceDeployments';

const placeOf = (path: {
  id: string;
  namespace: string;
  name: string;
}): DeploymentPlace => ({
  cluster: path.id,
  namespace: path.namespace,
  name: path.name,
});

function changeOptions(request: {
  context: RequestContext;
  query: { dryRun?: boolean };
  body?: { resourceVersion?: string };
}): ChangeOptions {
  return {
    context: request.context,
    dryRun: request.query.dryRun === true,
    resourceVersion: request.body?.resourceVersion,
  };
}

/** Answers the operations on deployments. */
export function deploymentHandlers(options: {
  reader: DeploymentReader;
  deployments: DeploymentService;
  services: ServiceDeployments;
}): Pick<
  Handlers,
  | 'listDeployments'
  | 'getDeployment'
  | 'createDeployment'
  | 'replaceDeployment'
  | 'deleteDeployment'
  | 'setDeploymentImage'
  | 'scaleDeployment'
  | 'restartDeployment'
  | 'rollbackDeployment'
  | 'listServiceDeployments'
> {
  const { reader, deployments, services } = options;
  return {
    listDeployments: ({ path, query, context }) =>
      reader.list({ cluster: path.id, ...query }, context),
    getDeployment: ({ path, query, context }) =>
      reader.detail(placeOf(path), {
        context,
        minimumVersion: query.minimumVersion,
      }),
    createDeployment: ({ path, query, body, context }) =>
      deployments.create(path.id, body, changeOptions({ context, query })),
    replaceDeployment: request =>
      deployments.replace(
        placeOf(request.path),
        request.body.spec,
        changeOptions(request),
      ),
    deleteDeployment: ({ path, context }) =>
      deployments.delete(placeOf(path), context),
    setDeploymentImage: request => {
      const { container, image } = request.body;
      return deployments.setImage(
        placeOf(request.path),
        { container, image },
        changeOptions(request),
      );
    },
    scaleDeployment: request =>
      deployments.scale(
        placeOf(request.path),
        request.body.replicas,
        changeOptions(request),
      ),
    restartDeployment: ({ path, query, context }) =>
      deployments.restart(placeOf(path), changeOptions({ context, query })),
    rollbackDeployment: ({ path, query, body, context }) =>
      deployments.rollback(
        placeOf(path),
        body.revision,
        changeOptions({ context, query }),
      ),
    listServiceDeployments: ({ query, context }) =>
      services.list(query.entity, context),
  };
}
