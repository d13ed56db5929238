/** Links of kinds besides pods, and what makes such readers. */
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { at, fieldOf, itemsOf, textOf } from '../rows/fields';
import type { Link, LinkReader, TypeName } from './Relation';
import { labelSelectorOf, labelsSelectorOf } from './selectorOf';

/** Of an `apiVersion`: the part before the slash. */
function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
}

/** A link to what a field names, e.g. `named('nodes.', 'spec', 'nodeName')`. */
export function named(to: TypeName, ...path: string[]): LinkReader {
  return object => {
    const name = textOf(at(object, ...path));
    return name === undefined ? [] : [{ to, name }];
  };
}

/** Links to what the items of a list name. */
export function namedEach(to: TypeName, ...path: string[]): LinkReader {
  return object =>
    itemsOf(at(object, ...path)).flatMap(item => {
      const name = textOf(fieldOf(item, 'name'));
      return name === undefined ? [] : [{ to, name }];
    });
}

const selecting = (labelSelector: string | undefined): Link[] =>
  labelSelector === undefined ? [] : [{ to: 'pods.', labelSelector }];

/** Pods by a LabelSelector at a path. */
export function podsBy(...path: string[]): LinkReader {
  return object => selecting(labelSelectorOf(at(object, ...path)));
}

/** Pods by plain labels, as of a Service. */
export function podsByLabels(object: KubernetesObject): Link[] {
  return selecting(labelsSelectorOf(at(object, 'spec', 'selector')));
}

/** All that are named as owners. */
export function ownerLinks(object: KubernetesObject): Link[] {
  return itemsOf(object.metadata.ownerReferences).flatMap(owner => {
    const kind = textOf(fieldOf(owner, 'kind'));
    const name = textOf(fieldOf(owner, 'name'));
    const group = groupOf(textOf(fieldOf(owner, 'apiVersion')) ?? '');
    const uid = textOf(fieldOf(owner, 'uid'));
    return kind === undefined || name === undefined
      ? []
      : [{ to: { group, kind }, name, uid }];
  });
}

/** What an autoscaler scales; KEDA's may leave the kind out. */
export function scaleTarget(...path: string[]): LinkReader {
  return object => {
    const target = at(object, ...path);
    const name = textOf(fieldOf(target, 'name'));
    const kind = textOf(fieldOf(target, 'kind')) ?? 'Deployment';
    const version = textOf(fieldOf(target, 'apiVersion')) ?? 'apps/v1';
    return name === undefined
      ? []
      : [{ to: { group: groupOf(version), kind }, name }];
  };
}

/** A reference with group, kind, namespace and name, as of the Gateway API; what it leaves out is told. */
function reference(
  source: unknown,
  defaults: { group: string; kind: string },
): Link[] {
  const name = textOf(fieldOf(source, 'name'));
  if (name === undefined) return [];
  const group = fieldOf(source, 'group');
  const kind = textOf(fieldOf(source, 'kind')) ?? defaults.kind;
  const namespace = textOf(fieldOf(source, 'namespace'));
  return [
    {
      to: { group: typeof group === 'string' ? group : defaults.group, kind },
      name,
      ...(namespace !== undefined && { namespace }),
    },
  ];
}

const SERVICE = { group: '', kind: 'Service' };
const SECRET = { group: '', kind: 'Secret' };
const GATEWAY = { group: 'gateway.networking.k8s.io', kind: 'Gateway' };

/** What an Ingress sends requests to. */
export function ingressBackends(ingress: KubernetesObject): Link[] {
  const backends: unknown[] = [
    at(ingress, 'spec', 'defaultBackend'),
    ...itemsOf(at(ingress, 'spec', 'rules')).flatMap(rule =>
      itemsOf(at(rule, 'http', 'paths')).map(path => fieldOf(path, 'backend')),
    ),
  ];
  return backends.flatMap((backend): Link[] => {
    const service = textOf(at(backend, 'service', 'name'));
    if (service !== undefined) return [{ to: 'services.', name: service }];
    const resource = fieldOf(backend, 'resource');
    const kind = textOf(fieldOf(resource, 'kind'));
    const name = textOf(fieldOf(resource, 'name'));
    const group = textOf(fieldOf(resource, 'apiGroup')) ?? '';
    return kind === undefined || name === undefined
      ? []
      : [{ to: { group, kind }, name }];
  });
}

/** The certificates of an Ingress. */
export function ingressCertificates(ingress: KubernetesObject): Link[] {
  return itemsOf(at(ingress, 'spec', 'tls')).flatMap(item => {
    const name = textOf(fieldOf(item, 'secretName'));
    return name === undefined ? [] : [{ to: 'secrets.', name }];
  });
}

/** What a route of the Gateway API sends requests to. */
export function routeBackends(route: KubernetesObject): Link[] {
  return itemsOf(at(route, 'spec', 'rules'))
    .flatMap(rule => itemsOf(fieldOf(rule, 'backendRefs')))
    .flatMap(backend => reference(backend, SERVICE));
}

/** The gateways, or in a mesh the services, that a route belongs to. */
export function routeParents(route: KubernetesObject): Link[] {
  return itemsOf(at(route, 'spec', 'parentRefs')).flatMap(parent =>
    reference(parent, GATEWAY),
  );
}

/** The certificates of a Gateway. */
export function gatewayCertificates(gateway: KubernetesObject): Link[] {
  return itemsOf(at(gateway, 'spec', 'listeners'))
    .flatMap(listener => itemsOf(at(listener, 'tls', 'certificateRefs')))
    .flatMap(certificate => reference(certificate, SECRET));
}

/** The pods behind an EndpointSlice. */
export function endpointPods(slice: KubernetesObject): Link[] {
  return itemsOf(fieldOf(slice, 'endpoints')).flatMap(endpoint => {
    const target = fieldOf(endpoint, 'targetRef');
    const name = textOf(fieldOf(target, 'name'));
    const isPod = fieldOf(target, 'kind') === 'Pod';
    return isPod && name !== undefined ? [{ to: 'pods.', name }] : [];
  });
}

/** The claim that a PersistentVolume is bound to. */
export function volumeClaim(volume: KubernetesObject): Link[] {
  const claim = at(volume, 'spec', 'claimRef');
  const name = textOf(fieldOf(claim, 'name'));
  const namespace = textOf(fieldOf(claim, 'namespace'));
  const uid = textOf(fieldOf(claim, 'uid'));
  return name === undefined || namespace === undefined
    ? []
    : [{ to: 'persistentvolumeclaims.', namespace, name, uid }];
}

/** The role that a binding gives. */
export function boundRole(binding: KubernetesObject): Link[] {
  const role = fieldOf(binding, 'roleRef');
  const name = textOf(fieldOf(role, 'name'));
  const to =
    fieldOf(role, 'kind') === 'ClusterRole'
      ? 'clusterroles.rbac.authorization.k8s.io'
      : 'roles.rbac.authorization.k8s.io';
  return name === undefined ? [] : [{ to, name }];
}

/** The service accounts that a binding gives its role to. */
export function boundAccounts(binding: KubernetesObject): Link[] {
  return itemsOf(fieldOf(binding, 'subjects')).flatMap(subject => {
    const name = textOf(fieldOf(subject, 'name'));
    const namespace = textOf(fieldOf(subject, 'namespace'));
    const isAccount = fieldOf(subject, 'kind') === 'ServiceAccount';
    return isAccount && name !== undefined
      ? [
          {
            to: 'serviceaccounts.',
            name,
            ...(namespace !== undefined && { namespace }),
          },
        ]
      : [];
  });
}

/** The services that webhooks call. */
export function webhookServices(configuration: KubernetesObject): Link[] {
  return itemsOf(fieldOf(configuration, 'webhooks')).flatMap(webhook => {
    const service = at(webhook, 'clientConfig', 'service');
    const name = textOf(fieldOf(service, 'name'));
    const namespace = textOf(fieldOf(service, 'namespace'));
    return name === undefined || namespace === undefined
      ? []
      : [{ to: 'services.', namespace, name }];
  });
}

/** The namespace that an object is in. */
export function ownNamespace({ metadata }: KubernetesObject): Link[] {
  const { namespace } = metadata;
  return namespace === undefined
    ? []
    : [{ to: 'namespaces.', name: namespace }];
}
