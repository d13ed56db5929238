import { AddressGuard } from './AddressGuard';
import type { KubeAgentOptions } from './KubeAgent';
import { ProxyTunnel } from './ProxyTunnel';
import type { ProxySettings } from './ProxyTunnel';

/** How API servers are reached, as data: threads that have connections of their own get it too. */
export interface NetworkSettings {
  /** Ranges that may be connected to, as CIDR, besides what is globally reachable. */
  allow: readonly string[];
  /** Absent: API servers are reached directly. */
  proxy?: ProxySettings;
}

/** What connections to API servers are made with. @throws InputError when a range cannot be read */
export function networkOf({ allow, proxy }: NetworkSettings): KubeAgentOptions {
  return {
    guard: new AddressGuard({ allow }),
    proxy: proxy && new ProxyTunnel(proxy),
  };
}
