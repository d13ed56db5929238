import type { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  search?: {
    collators?: {
      k8s?: {
        /** When the index is made anew. Default: every 10 minutes, 15 seconds after the start at first. */
        schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
        /**
         * The kinds that are indexed, by plural and group, e.g. `deployments.apps` or `services`. Never Secrets. Default:
         * Deployments, StatefulSets, DaemonSets, CronJobs, Services, Ingresses and Namespaces.
         */
        kinds?: string[];
        /** Where the Kubernetes pages are mounted in the portal. Default: `/k8s`. */
        basePath?: string;
      };
    };
  };
}
