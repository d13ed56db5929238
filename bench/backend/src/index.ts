/**
 * The back end that the benchmark measures: everything that packages/backend adds, and beside it Backstage's own kubernetes plugin
 * and what only a benchmark needs. Never shipped.
 */
import { createBackend } from '@backstage/backend-defaults';
import { benchPlugin } from './benchPlugin';
import { benchClusters } from './benchClusters';
import { benchSignIn } from './benchSignIn';

const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage-k8s/plugin-catalog-backend-module-k8s'));
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage-k8s/plugin-k8s-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('@backstage-k8s/plugin-permission-backend-module-k8s'));
backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@backstage/plugin-search-backend-module-catalog'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-user-settings-backend'));

backend.add(import('@backstage/plugin-kubernetes-backend'));
backend.add(benchClusters);
backend.add(benchSignIn);
backend.add(benchPlugin);

backend.start().catch(error => {
  process.stderr.write(`The portal could not start: ${error}\n`);
  process.exit(1);
});
