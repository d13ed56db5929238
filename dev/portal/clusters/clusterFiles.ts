import { join } from 'node:path';
import { HOME } from '../paths.ts';

/** The files of one cluster; all of them are in its folder. */
export interface ClusterFiles {
  folder: string;
  /** What is chosen once: ports and the administrator's token. */
  description: string;
  certificates: string;
  etcd: string;
  logs: string;
  /** Users that the API server knows by a token of its own. */
  tokens: string;
  /** What KWOK does besides its stages. */
  kwok: string;
  /** What every container of the cluster has logged. */
  containerLog: string;
  /** What the keeper runs. */
  processes: string;
  /** What the keeper itself says. */
  keeperLog: string;
  /** There once the sample services are deployed, so that what becomes of them is the user's affair. */
  samples: string;
  kubeconfig(component: string): string;
}

/** @param home - folder of the portal that the cluster belongs to; absent: the one of this process */
export function clusterFiles(name: string, home = HOME): ClusterFiles {
  const folder = join(home, 'clusters', name);
  return {
    folder,
    description: join(folder, 'cluster.json'),
    certificates: join(folder, 'certificates'),
    etcd: join(folder, 'etcd'),
    logs: join(folder, 'logs'),
    tokens: join(folder, 'tokens.csv'),
    kwok: join(folder, 'kwok.yaml'),
    containerLog: join(folder, 'container.log'),
    processes: join(folder, 'processes.json'),
    keeperLog: join(folder, 'logs', 'keeper.log'),
    samples: join(folder, 'samples-deployed'),
    kubeconfig: component => join(folder, `${component}.kubeconfig`),
  };
}
