import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { at, fieldOf, fieldsOf, itemsOf, numberOf, textOf } from '../fields';
import type { CellTable } from './Cell';
import { selectorWords } from './workloadCells';

const texts = (values: readonly unknown[]) =>
  values.flatMap(value => textOf(value) ?? []);
const unique = (values: readonly string[]) => [...new Set(values)];

/** Addresses that a load balancer gave. */
export function loadBalancerAddresses(object: KubernetesObject): string[] {
  const ingress = itemsOf(at(object, 'status', 'loadBalancer', 'ingress'));
  return ingress.flatMap(
    item =>
      textOf(fieldOf(item, 'ip')) ?? textOf(fieldOf(item, 'hostname')) ?? [],
  );
}

function servicePort(port: unknown): string[] {
  const number = numberOf(fieldOf(port, 'port'));
  if (number === undefined) return [];
  const node = numberOf(fieldOf(port, 'nodePort'));
  const protocol = textOf(fieldOf(port, 'protocol')) ?? 'TCP';
  return [`${number}${node ? `:${node}` : ''}/${protocol}`];
}

function externalAddresses(service: KubernetesObject): string[] {
  const spec = fieldOf(service, 'spec');
  const given = texts(itemsOf(fieldOf(spec, 'externalIPs')));
  if (fieldOf(spec, 'type') === 'ExternalName') {
    return texts([fieldOf(spec, 'externalName'), ...given]);
  }
  return unique([...loadBalancerAddresses(service), ...given]);
}

const hostOf = (address: string) =>
  address.includes(':') ? `[${address}]` : address;

/** `address:port` of each that is ready. */
function endpointAddresses(endpoints: KubernetesObject): string[] {
  return itemsOf(fieldOf(endpoints, 'subsets')).flatMap(subset => {
    const addresses = itemsOf(fieldOf(subset, 'addresses')).flatMap(
      address => textOf(fieldOf(address, 'ip')) ?? [],
    );
    const ports = itemsOf(fieldOf(subset, 'ports')).flatMap(
      port => numberOf(fieldOf(port, 'port')) ?? [],
    );
    if (ports.length === 0) return addresses;
    return addresses.flatMap(address =>
      ports.map(port => `${hostOf(address)}:${port}`),
    );
  });
}

const ingressRules = (ingress: KubernetesObject) =>
  itemsOf(at(ingress, 'spec', 'rules'));

function ingressServices(ingress: KubernetesObject): string[] {
  const backends = [
    at(ingress, 'spec', 'defaultBackend'),
    ...ingressRules(ingress).flatMap(rule =>
      itemsOf(at(rule, 'http', 'paths')).map(path => fieldOf(path, 'backend')),
    ),
  ];
  return unique(texts(backends.map(backend => at(backend, 'service', 'name'))));
}

function routeBackends(route: KubernetesObject): string[] {
  const references = itemsOf(at(route, 'spec', 'rules')).flatMap(rule =>
    itemsOf(fieldOf(rule, 'backendRefs')),
  );
  return unique(
    references.flatMap(reference => {
      const name = textOf(fieldOf(reference, 'name'));
      const port = numberOf(fieldOf(reference, 'port'));
      if (name === undefined) return [];
      return [port === undefined ? name : `${name}:${port}`];
    }),
  );
}

/** Cells of Services, Ingresses, routes and policies. */
export const NETWORK_CELLS: CellTable = {
  loadBalancerAddresses,
  externalAddresses,
  servicePorts: service =>
    itemsOf(at(service, 'spec', 'ports')).flatMap(servicePort),
  endpointAddresses,
  slicePorts: slice => itemsOf(fieldOf(slice, 'ports')).flatMap(servicePort),
  readyEndpoints: slice => {
    const endpoints = itemsOf(fieldOf(slice, 'endpoints'));
    // Absent means ready.
    const ready = endpoints.filter(
      endpoint => at(endpoint, 'conditions', 'ready') !== false,
    );
    return `${ready.length}/${endpoints.length}`;
  },
  ingressHosts: ingress => {
    const hosts = texts(
      ingressRules(ingress).map(rule => fieldOf(rule, 'host')),
    );
    return hosts.length > 0 ? unique(hosts) : ['*'];
  },
  ingressPorts: ingress =>
    itemsOf(at(ingress, 'spec', 'tls')).length > 0 ? '80, 443' : '80',
  ingressServices,
  podSelector: policy => {
    const selector = at(policy, 'spec', 'podSelector');
    return selectorWords(selector) ?? 'all pods';
  },
  gatewayListeners: gateway =>
    itemsOf(at(gateway, 'spec', 'listeners')).flatMap(listener => {
      const name = textOf(fieldOf(listener, 'name'));
      if (name === undefined) return [];
      const { protocol, port } = fieldsOf(listener);
      return [`${name} ${protocol}:${port}`];
    }),
  routeBackends,
};
