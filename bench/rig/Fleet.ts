import { setMaxListeners } from 'node:events';
import { TcpProxy } from '../../tests/integration/support/TcpProxy.ts';
import type { ApiServer, Caller } from './ApiServer.ts';

/** One cluster of the fleet: the same API server as all others, behind a proxy of its own that can be broken alone. */
export interface FleetCluster {
  name: string;
  /** Of the proxy. */
  url: string;
  proxy: TcpProxy;
}

/** Many clusters that are one API server. */
export class Fleet {
  readonly server: ApiServer;
  readonly clusters: readonly FleetCluster[];
  readonly #others: FleetCluster[] = [];

  private constructor(server: ApiServer, clusters: FleetCluster[]) {
    this.server = server;
    this.clusters = clusters;
  }

  /** @param size - how many clusters */
  static async start(server: ApiServer, size: number): Promise<Fleet> {
    setMaxListeners(0);
    const clusters: FleetCluster[] = [];
    for (let index = 0; index < size; index += 1) {
      const proxy = await TcpProxy.to(server.url);
      const name = `fleet-${String(index).padStart(3, '0')}`;
      clusters.push({ name, url: proxy.url, proxy });
    }
    return new Fleet(server, clusters);
  }

  /** One more, for a purpose of its own. */
  async add(name: string): Promise<FleetCluster> {
    const proxy = await TcpProxy.to(this.server.url);
    const cluster = { name, url: proxy.url, proxy };
    this.#others.push(cluster);
    return cluster;
  }

  /** The access that is registered for a cluster. */
  access(cluster: FleetCluster, caller: Caller): ClusterAccess {
    const { server } = this;
    return {
      name: cluster.name,
      server: cluster.url,
      certificateAuthority: server.ca,
      token: server.token(caller),
    };
  }

  async stop(): Promise<void> {
    const all = [...this.clusters, ...this.#others];
    await Promise.all(all.map(({ proxy }) => proxy.close()));
  }
}

/** What a portal is told of a cluster. */
export interface ClusterAccess {
  name: string;
  server: string;
  certificateAuthority: string;
  token: string;
  /** Whether every request is sent as its caller. */
  impersonates?: boolean;
}
