/**
 * Which names Kubernetes allows. Names are checked before any URL is built from them: `encodeURIComponent('..')` is `'..'`.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN_PART = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
// RBAC names may hold anything that is one segment of a path; control and non-ASCII characters (look-alikes) are refused too.
const PATH_SEGMENT = /^[\x21-\x7e]+$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const LABEL_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** At most 63 of a-z, 0-9 and `-`; what namespaces and Services are called. @public */
export function isDnsLabel(name: string): boolean {
  return DNS_LABEL.test(name);
}

/** DNS labels joined by dots, at most 253 characters; what most objects are called. @public */
export function isDnsSubdomain(name: string): boolean {
  return (
    name.length <= 253 &&
    name.split('.').every(part => DNS_SUBDOMAIN_PART.test(part))
  );
}

/** One segment of a URL path; what RBAC objects are called. @public */
export function isPathSegment(name: string): boolean {
  return (
    name.length <= 253 &&
    PATH_SEGMENT.test(name) &&
    name !== '.' &&
    name !== '..' &&
    !name.includes('/') &&
    !name.includes('%')
  );
}

/** A label's key, with or without a DNS prefix. @public */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  return (
    LABEL_NAME.test(key.slice(slash + 1)) &&
    (prefix === undefined || isDnsSubdomain(prefix))
  );
}

/** A label's value, which may be empty. @public */
export function isLabelValue(value: string): boolean {
  return LABEL_VALUE.test(value);
}

const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** Whether an object of the kind may be called so. @public */
export function isValidName(
  kind: { group: string; plural: string },
  name: string,
): boolean {
  if (kind.group === RBAC_GROUP) return isPathSegment(name);
  const isLabel =
    kind.group === '' &&
    (kind.plural === 'namespaces' || kind.plural === 'services');
  return isLabel ? isDnsLabel(name) : isDnsSubdomain(name);
}

/**
 * What a cluster's catalog entity is called: lower case, `-` for what an entity's name may not hold.
 *
 * @public
 */
export function clusterSlug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
}
