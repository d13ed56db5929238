import { kindName, parseKindName } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import { readSchedulerServiceTaskScheduleDefinitionFromConfig } from '@backstage/backend-plugin-api';
import type {
  RootConfigService,
  SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';

const KEY = 'search.collators.k8s';

/** Pods come and go, and their workloads are found instead. */
const DEFAULT_KINDS = [
  ...['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'],
  ...['cronjobs.batch', 'services', 'ingresses.networking.k8s.io'],
  'namespaces',
];
const DEFAULT_SCHEDULE: SchedulerServiceTaskScheduleDefinition = {
  frequency: { minutes: 10 },
  timeout: { minutes: 15 },
  // The back end of the suite is up by then.
  initialDelay: { seconds: 15 },
};
const DEFAULT_BASE_PATH = '/k8s';
const KIND = /^[a-z][a-z0-9]*(\.[a-z0-9.-]*)?$/;

/** What is indexed, when, and where it leads. */
export interface CollatorConfig {
  schedule: SchedulerServiceTaskScheduleDefinition;
  kinds: ResourceType[];
  basePath: string;
}

function readKind(text: string): ResourceType {
  if (!KIND.test(text)) {
    throw new InputError(
      `${KEY}.kinds has "${text}", which is no kind: it has to be a plural and a group, e.g. deployments.apps`,
    );
  }
  const type = parseKindName(text);
  if (kindName(type) === 'secrets') {
    throw new InputError(
      `${KEY}.kinds has Secrets, which are not put into an index of the portal: take them out`,
    );
  }
  return type;
}

/** @throws InputError that names what is wrong */
export function readCollatorConfig(root: RootConfigService): CollatorConfig {
  const config = root.getOptionalConfig(KEY);
  const schedule = config?.getOptionalConfig('schedule');
  const kinds = config?.getOptionalStringArray('kinds') ?? DEFAULT_KINDS;
  const basePath = config?.getOptionalString('basePath') ?? DEFAULT_BASE_PATH;
  return {
    schedule: schedule
      ? readSchedulerServiceTaskScheduleDefinitionFromConfig(schedule)
      : DEFAULT_SCHEDULE,
    kinds: kinds.map(readKind),
    basePath: basePath.replace(/\/+$/, ''),
  };
}
