import { fixedCredential } from '../../../plugins/k8s-backend/src/connection/__testUtils__/fixedCredential';
import { AddressGuard } from '../../../plugins/k8s-backend/src/connection/AddressGuard';
import type {
  ClusterConnection,
  ClusterConnections,
} from '../../../plugins/k8s-backend/src/connection/ClusterConnection';
import { DefaultClusterConnection } from '../../../plugins/k8s-backend/src/connection/DefaultClusterConnection';
import { KubeAgent } from '../../../plugins/k8s-backend/src/connection/KubeAgent';
import type { TestApiServer } from './TestApiServer.ts';

/** The back end's own connection to an API server on this machine, as the only cluster `c`; through a proxy when its port is given. */
export function connectTo(
  server: Pick<TestApiServer, 'port' | 'caData' | 'token'>,
  options: { port?: number } = {},
): { connection: ClusterConnection; connections: ClusterConnections } {
  const { port = server.port } = options;
  const agent = new KubeAgent(
    {
      endpoint: {
        server: `https://127.0.0.1:${port}`,
        caData: server.caData,
        skipTlsVerify: false,
      },
      credentials: fixedCredential(server.token),
    },
    { guard: new AddressGuard({ allow: ['127.0.0.0/8'] }) },
  );
  const connection = new DefaultClusterConnection({
    cluster: 'c',
    generation: 1,
    agent,
  });
  const connections: ClusterConnections = {
    get: async () => connection,
    onChange: () => () => {},
    onCircuit: () => () => {},
  };
  return { connection, connections };
}
