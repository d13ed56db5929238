/** A right that the suite uses, as Kubernetes asks for it. */
export interface AccessRight {
  verb: string;
  group: string;
  resource: string;
  namespace?: string;
}

const read = (group: string, resource: string): AccessRight => ({
  verb: 'list',
  group,
  resource,
});

/** Without these there is nothing to show. */
export const REQUIRED_RIGHTS: readonly AccessRight[] = [
  read('', 'namespaces'),
  read('', 'pods'),
  read('apps', 'deployments'),
  read('apps', 'replicasets'),
];

/** Without these something is missing: health, events, or every change. */
export const WANTED_RIGHTS: readonly AccessRight[] = [
  read('', 'nodes'),
  read('', 'events'),
  {
    verb: 'get',
    group: 'coordination.k8s.io',
    resource: 'leases',
    namespace: 'kube-system',
  },
  { verb: 'create', group: 'apps', resource: 'deployments' },
  { verb: 'patch', group: 'apps', resource: 'deployments' },
  { verb: 'delete', group: 'apps', resource: 'deployments' },
  { verb: 'create', group: '', resource: 'namespaces' },
];

/** A right in words, e.g. `list deployments.apps`. */
export function describeRight({
  verb,
  group,
  resource,
  namespace,
}: AccessRight): string {
  const what = group === '' ? resource : `${resource}.${group}`;
  return `${verb} ${what}${namespace ? ` in ${namespace}` : ''}`;
}
