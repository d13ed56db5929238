import { NotFoundError } from '@backstage/errors';
import { categoryOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  ClusterReference,
  KubernetesObject,
  ResourceReference,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  ResourceKind,
} from '@backstage-k8s/plugin-k8s-node';

/** An object (or, without name, all of a kind) as permission rules see it. A Namespace is in the namespace of its own name. */
export function toResourceReference(
  cluster: ClusterReference,
  subject: ResourceType & { namespace?: string; name?: string },
): ResourceReference {
  const { group, plural, name } = subject;
  const isNamespace = group === '' && plural === 'namespaces';
  const namespace = isNamespace ? name : subject.namespace;
  return {
    cluster,
    group,
    plural,
    namespace,
    name,
    category: categoryOf({ group, plural, namespace: subject.namespace, name }),
  };
}

/** An object of a kind as permission rules see it. */
export function referenceOfObject(
  cluster: ClusterReference,
  kind: ResourceType,
  object: KubernetesObject,
): ResourceReference {
  const { namespace, name } = object.metadata;
  return toResourceReference(cluster, {
    group: kind.group,
    plural: kind.plural,
    namespace,
    name,
  });
}

function kindName({ group, plural }: ResourceType): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** The one answer for an object that does not exist and for one that may not be seen. */
export function objectNotFound(reference: ObjectReference): NotFoundError {
  const { namespace, name } = reference;
  const where = namespace === undefined ? '' : ` in namespace "${namespace}"`;
  return new NotFoundError(
    `${kindName(reference)} "${name}" not found${where}`,
  );
}

/** The answer for a kind that the cluster does not have. */
export function kindNotFound(kind: ResourceKind): NotFoundError {
  return new NotFoundError(
    `The cluster has no kind ${kindName(kind)} in version ${kind.version}`,
  );
}
