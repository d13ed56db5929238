import { fixedCredential } from '../../../plugins/k8s-backend/src/connection/__testUtils__/fixedCredential';
import type { ClusterChange } from '../../../plugins/k8s-backend/src/connection/ClusterConnection';
import type { AccessSource } from '../../../plugins/k8s-backend/src/connection/DefaultClusterConnections';
import type { TestApiServer } from './TestApiServer.ts';

/** A registry in which one API server is a cluster for each port that leads to it, by cluster id. */
export function fakeAccess(
  server: TestApiServer,
  ports: Readonly<Record<string, number>>,
): AccessSource & {
  /** Gives all clusters another token, as somebody does who registers a new one. */
  useToken(token: string): void;
} {
  const listeners = new Set<(change: ClusterChange) => void>();
  let generation = 1;
  let { token } = server;
  return {
    get: async () => ({ generation }),
    generation: () => generation,
    access: id => ({
      cluster: {
        generation,
        endpoint: {
          server: `https://127.0.0.1:${ports[id]}`,
          caData: server.caData,
          skipTlsVerify: false,
        },
      },
      credentials: fixedCredential(token),
    }),
    onChange: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    useToken: another => {
      token = another;
      generation += 1;
      for (const cluster of Object.keys(ports)) {
        for (const tell of listeners) tell({ cluster, action: 'upserted' });
      }
    },
  };
}
