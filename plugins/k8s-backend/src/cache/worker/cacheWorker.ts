/** The entry point of a worker thread that owns the caches of some clusters: their connections, watches, rows and objects. */
import { parentPort, workerData } from 'node:worker_threads';
import { DefaultClusterConnections } from '../../connection/DefaultClusterConnections';
import { networkOf } from '../../connection/networkOf';
import { InProcessResourceCache } from '../InProcessResourceCache';
import type { Warn } from '../memory/MemoryCeiling';
import { AskedCredentials } from './AskedCredentials';
import { CacheHost } from './CacheHost';
import { PushedClusters } from './PushedClusters';
import type { FromWorker, ToWorker, WorkerSettings } from './protocol';

const port = parentPort;
if (!port) throw new Error('This runs in a worker thread only');

const { network, timings, memory, tellsChanges } = workerData as WorkerSettings;
const post = (message: FromWorker, transfer: ArrayBuffer[] = []) =>
  port.postMessage(message, transfer);
const warn: Warn = (message, details) =>
  post({ type: 'log', message, details });
const credentials = new AskedCredentials({ post });
const clusters = new PushedClusters({ credentials });
const connections = new DefaultClusterConnections({
  store: clusters,
  network: networkOf(network),
  onWarning: warn,
});
const host = new CacheHost({
  cache: new InProcessResourceCache({
    connections,
    suspect: cluster => post({ type: 'suspect', cluster }),
    ...(tellsChanges && {
      onChanges: (changes, dropped) =>
        post({ type: 'changes', changes, dropped }),
    }),
    ...{ timings, memory, onWarning: warn },
  }),
  calls: () => connections.calls(),
  clusters,
  credentials,
  post,
});
port.on('message', (message: ToWorker) => host.handle(message));
