/** What pods need, read off Pods and off what makes them. */
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { podSpecOf } from '../rows/cells/workloadCells';
import { at, fieldOf, itemsOf, textOf } from '../rows/fields';
import type { Link } from './Relation';

const CONFIG_MAPS = 'configmaps.';
const SECRETS = 'secrets.';
const CLAIMS = 'persistentvolumeclaims.';
const ACCOUNTS = 'serviceaccounts.';
/** Every pod has it; it says nothing. */
const ROOT_CERTIFICATES = 'kube-root-ca.crt';

function isPod(object: KubernetesObject): boolean {
  return Array.isArray(at(object, 'spec', 'containers'));
}

/** The pod spec; that of a template whose object is itself made from a template is left out, since it says the same again. */
function specOf(object: KubernetesObject): unknown {
  const isControlled = itemsOf(object.metadata.ownerReferences).some(
    owner => fieldOf(owner, 'controller') === true,
  );
  return isControlled && !isPod(object) ? undefined : podSpecOf(object);
}

/** A link by the name in a field of a source; none where it has no such name. */
function named(to: string, source: unknown, field = 'name'): Link[] {
  const name = textOf(fieldOf(source, field));
  if (name === undefined || name === ROOT_CERTIFICATES) return [];
  const optional = fieldOf(source, 'optional') === true;
  return [{ to, name, ...(optional && { optional }) }];
}

/** What is mounted from volumes. */
export function volumeLinks(object: KubernetesObject): Link[] {
  return itemsOf(fieldOf(specOf(object), 'volumes')).flatMap(volume => [
    ...named(CONFIG_MAPS, fieldOf(volume, 'configMap')),
    ...named(SECRETS, fieldOf(volume, 'secret'), 'secretName'),
    ...named(CLAIMS, fieldOf(volume, 'persistentVolumeClaim'), 'claimName'),
    ...ephemeralClaim(object, volume),
    ...itemsOf(at(volume, 'projected', 'sources')).flatMap(source => [
      ...named(CONFIG_MAPS, fieldOf(source, 'configMap')),
      ...named(SECRETS, fieldOf(source, 'secret')),
    ]),
  ]);
}

/** @see https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#persistentvolumeclaim-naming */
function ephemeralClaim(object: KubernetesObject, volume: unknown): Link[] {
  const name = textOf(fieldOf(volume, 'name'));
  const isEphemeral = fieldOf(volume, 'ephemeral') !== undefined;
  return isEphemeral && name !== undefined && isPod(object)
    ? [{ to: CLAIMS, name: `${object.metadata.name}-${name}` }]
    : [];
}

/** What environment variables come from. */
export function environmentLinks(object: KubernetesObject): Link[] {
  const spec = specOf(object);
  const containers = ['containers', 'initContainers', 'ephemeralContainers'];
  return containers
    .flatMap(list => itemsOf(fieldOf(spec, list)))
    .flatMap(container => [
      ...itemsOf(fieldOf(container, 'envFrom')).flatMap(source => [
        ...named(CONFIG_MAPS, fieldOf(source, 'configMapRef')),
        ...named(SECRETS, fieldOf(source, 'secretRef')),
      ]),
      ...itemsOf(fieldOf(container, 'env')).flatMap(variable => [
        ...named(CONFIG_MAPS, at(variable, 'valueFrom', 'configMapKeyRef')),
        ...named(SECRETS, at(variable, 'valueFrom', 'secretKeyRef')),
      ]),
    ]);
}

/** What images are pulled with. */
export function pullSecretLinks(object: KubernetesObject): Link[] {
  return itemsOf(fieldOf(specOf(object), 'imagePullSecrets')).flatMap(source =>
    named(SECRETS, source),
  );
}

/** Who the pods are in the cluster. */
export function accountLinks(object: KubernetesObject): Link[] {
  return named(ACCOUNTS, specOf(object), 'serviceAccountName');
}
