import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ROOT } from '../../../dev/portal/paths.ts';
import { WorkerResourceCache } from '../../../plugins/k8s-backend/src/cache/worker/WorkerResourceCache';
import { QUIET } from './quietLogger.ts';

const WORKER = join(
  ROOT,
  'plugins/k8s-backend/src/cache/worker/cacheWorker.ts',
);

type Options = ConstructorParameters<typeof WorkerResourceCache>[0];

/** The cache as it runs in production, in real worker threads; one unless said otherwise. */
export function createWorkerCache(
  options: Pick<Options, 'access'> &
    Partial<Pick<Options, 'workers' | 'ceilingBytes' | 'logger'>> & {
      /** Told of each thread that begins. */
      onWorker?: (worker: Worker) => void;
    },
): WorkerResourceCache {
  const { onWorker, ...others } = options;
  return new WorkerResourceCache({
    workers: 1,
    settings: { network: { allow: ['127.0.0.0/8'] } },
    logger: QUIET,
    ...others,
    startWorker: settings => {
      const worker = new Worker(WORKER, { workerData: settings });
      onWorker?.(worker);
      return worker;
    },
  });
}
