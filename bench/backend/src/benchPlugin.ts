/** What is looked at from inside the measured process, and the floor that requests are compared with. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { Router } from 'express';
import { mainThreadProfile } from './mainThreadProfile';

/** Milliseconds between two looks at the event loop; what is measured is at least as long. */
const RESOLUTION_MS = 1;
const NANOSECONDS = 1e6;
/** Milliseconds until the event loop has noted what held it up. */
const SETTLE_MS = 50;

/** `GET /empty` with credentials, `GET /process` and `POST /process/reset` without: the back end listens on loopback only. */
export const benchPlugin = createBackendPlugin({
  pluginId: 'bench',
  register(env) {
    env.registerInit({
      deps: {
        http: coreServices.httpRouter,
        httpAuth: coreServices.httpAuth,
      },
      async init({ http, httpAuth }) {
        const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
        delays.enable();
        const profile = mainThreadProfile(process.env.BENCH_PROFILES);
        const router = Router();
        router.get('/empty', async (request, response) => {
          await httpAuth.credentials(request);
          response.json({});
        });
        router.get('/process', async (_, response) => {
          await profile.end();
          const { rss, heapUsed, external } = process.memoryUsage();
          const ms = (nanoseconds: number) => nanoseconds / NANOSECONDS;
          response.json({
            ...{ rss, heapUsed, external },
            delayMs: {
              p50: ms(delays.percentile(50)),
              p99: ms(delays.percentile(99)),
              max: ms(delays.max),
            },
          });
        });
        router.post('/process/reset', async (_, response) => {
          await profile.end();
          await profile.begin();
          // Only where Node was started with --expose-gc.
          global.gc?.();
          // The delay that this has made is noted when it is over.
          await sleep(SETTLE_MS);
          delays.reset();
          response.json({});
        });
        http.addAuthPolicy({ path: '/process', allow: 'unauthenticated' });
        http.use(router);
      },
    });
  },
});
