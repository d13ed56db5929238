import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage-k8s/demo-sign-in-backend'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('@backstage-k8s/plugin-catalog-backend-module-k8s'));
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage-k8s/plugin-k8s-backend'));
backend.add(import('@backstage-k8s/plugin-k8s-backend-module-oauth'));
// Does nothing without the key `kubernetes` in app-config.
backend.add(import('@backstage/plugin-kubernetes-backend'));
backend.add(import('@backstage-k8s/plugin-kubernetes-backend-module-k8s'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('@backstage-k8s/plugin-permission-backend-module-k8s'));
backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@backstage-k8s/plugin-scaffolder-backend-module-k8s'));
backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@backstage/plugin-search-backend-module-catalog'));
backend.add(import('@backstage-k8s/plugin-search-backend-module-k8s'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-user-settings-backend'));

// A start that fails half-way leaves plugins running: end the process, so that whoever started it sees it and can retry.
backend.start().catch(error => {
  process.stderr.write(`The portal could not start: ${error}\n`);
  process.exit(1);
});
