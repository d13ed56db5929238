import type {
  KubernetesObject,
  OwnerReference,
} from '@backstage-k8s/plugin-k8s-common';
import { useKinds } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';
import { Fragment } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';

function groupOf({ apiVersion }: OwnerReference): string {
  return apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
}

/** Who an object belongs to, as links where the cluster serves their kind. */
export function ObjectOwners(props: {
  object: KubernetesObject;
  target: ResourceRef;
}) {
  const { object, target } = props;
  const links = useLinks();
  const { data } = useKinds(target.cluster);
  const owners = object.metadata.ownerReferences ?? [];
  return (
    <>
      {owners.map((owner, index) => {
        const group = groupOf(owner);
        const kind = data?.kinds.find(
          one => one.group === group && one.kind === owner.kind,
        );
        const words = `${owner.kind} ${owner.name}`;
        const link =
          kind &&
          links.object({
            ...{ cluster: target.cluster, group, plural: kind.plural },
            namespace: kind.namespaced ? target.namespace : undefined,
            name: owner.name,
          });
        return (
          <Fragment key={owner.uid}>
            {index > 0 && ', '}
            {link ? <Link to={link}>{words}</Link> : words}
          </Fragment>
        );
      })}
    </>
  );
}
