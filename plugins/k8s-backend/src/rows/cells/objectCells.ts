import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { parseQuantity } from '@backstage-k8s/plugin-k8s-common';
import { eventTime } from '../../workloads/WorkloadObjects';
import type { EventObject } from '../../workloads/WorkloadObjects';
import { at, fieldOf, fieldsOf, itemsOf, numberOf, textOf } from '../fields';
import type { CellTable } from './Cell';

const ACCESS_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const sizeOf = (fields: unknown) => Object.keys(fieldsOf(fields)).length;

function subjects(binding: KubernetesObject, kind: string): string[] {
  return itemsOf(fieldOf(binding, 'subjects')).flatMap(subject => {
    if (fieldOf(subject, 'kind') !== kind) return [];
    const name = textOf(fieldOf(subject, 'name'));
    const namespace = textOf(fieldOf(subject, 'namespace'));
    if (name === undefined) return [];
    return [kind === 'ServiceAccount' ? `${namespace}/${name}` : name];
  });
}

/** What one value of a metric is, and what it should be: `42%/80%`, `150m/200m`. */
function target(kind: unknown, wanted: unknown, current: unknown): string {
  const [field, unit] =
    kind === 'Utilization' ? ['averageUtilization', '%'] : ['averageValue', ''];
  const read = (value: unknown) => {
    const found = fieldOf(value, field) ?? fieldOf(value, 'value');
    return found === undefined || found === null
      ? undefined
      : `${found}${unit}`;
  };
  return `${read(current) ?? '?'}/${read(wanted) ?? '?'}`;
}

const METRIC_FIELDS: Readonly<Record<string, string>> = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
};

function metricName(metric: unknown): string | undefined {
  return (
    textOf(fieldOf(metric, 'name')) ?? textOf(at(metric, 'metric', 'name'))
  );
}

function autoscalerTargets(autoscaler: KubernetesObject): string[] {
  const current = itemsOf(at(autoscaler, 'status', 'currentMetrics'));
  return itemsOf(at(autoscaler, 'spec', 'metrics')).flatMap(item => {
    const type = String(fieldOf(item, 'type'));
    const field = METRIC_FIELDS[type];
    const metric = field === undefined ? undefined : fieldOf(item, field);
    const name = metricName(metric);
    if (name === undefined) return [];
    const now = current.find(
      other =>
        fieldOf(other, 'type') === type &&
        metricName(fieldOf(other, field)) === name,
    );
    const wanted = fieldOf(metric, 'target');
    return [
      `${name}: ${target(
        fieldOf(wanted, 'type'),
        wanted,
        at(now, field, 'current'),
      )}`,
    ];
  });
}

/** The sum of what containers use, in the finest unit that any of them has. */
function used(metrics: KubernetesObject, resource: 'cpu' | 'memory') {
  const own = textOf(at(metrics, 'usage', resource));
  if (own !== undefined) return own;
  const amounts = itemsOf(fieldOf(metrics, 'containers')).flatMap(
    container => parseQuantity(textOf(at(container, 'usage', resource))) ?? [],
  );
  if (amounts.length === 0) return undefined;
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  return resource === 'cpu'
    ? `${Math.round(sum * 1000)}m`
    : `${Math.round(sum / 1024)}Ki`;
}

function eventObject(event: KubernetesObject): string | undefined {
  const object =
    fieldOf(event, 'involvedObject') ?? fieldOf(event, 'regarding');
  const kind = textOf(fieldOf(object, 'kind'));
  return kind && `${kind}/${textOf(fieldOf(object, 'name')) ?? ''}`;
}

/** Cells of events. */
const EVENT_CELLS: CellTable = {
  eventTime: event => {
    const { deprecatedLastTimestamp, lastTimestamp } = fieldsOf(event);
    return eventTime({
      ...(event as EventObject),
      lastTimestamp: (lastTimestamp ?? deprecatedLastTimestamp) as string,
    });
  },
  eventObject,
  eventMessage: event =>
    textOf(fieldOf(event, 'message')) ?? textOf(fieldOf(event, 'note')),
  eventCount: event =>
    numberOf(at(event, 'series', 'count')) ??
    numberOf(fieldOf(event, 'count')) ??
    numberOf(fieldOf(event, 'deprecatedCount')) ??
    1,
  eventSource: event =>
    textOf(at(event, 'source', 'component')) ??
    textOf(fieldOf(event, 'reportingComponent')) ??
    textOf(fieldOf(event, 'reportingController')),
};

/** Cells of configuration, storage, autoscaling, access and events. */
export const OBJECT_CELLS: CellTable = {
  ...EVENT_CELLS,
  dataCount: object =>
    sizeOf(fieldOf(object, 'data')) + sizeOf(fieldOf(object, 'binaryData')),
  dataKeys: object =>
    ['data', 'binaryData'].flatMap(field =>
      Object.keys(fieldsOf(fieldOf(object, field))),
    ),
  claimCapacity: claim =>
    at(claim, 'status', 'capacity', 'storage') ??
    at(claim, 'spec', 'resources', 'requests', 'storage'),
  accessModes: object =>
    itemsOf(at(object, 'spec', 'accessModes')).flatMap(mode => {
      const name = textOf(mode);
      return name === undefined ? [] : ACCESS_MODES[name] ?? name;
    }),
  volumeClaim: volume => {
    const name = textOf(at(volume, 'spec', 'claimRef', 'name'));
    const home = textOf(at(volume, 'spec', 'claimRef', 'namespace'));
    return name && `${home}/${name}`;
  },
  scaleTarget: autoscaler => {
    const kind = textOf(at(autoscaler, 'spec', 'scaleTargetRef', 'kind'));
    const name = textOf(at(autoscaler, 'spec', 'scaleTargetRef', 'name'));
    return kind && `${kind}/${name ?? ''}`;
  },
  autoscalerTargets,
  budgetHealthy: budget =>
    `${numberOf(at(budget, 'status', 'currentHealthy')) ?? 0}/${
      numberOf(at(budget, 'status', 'desiredHealthy')) ?? 0
    }`,
  quotaUsed: quota => {
    const hard = fieldsOf(at(quota, 'status', 'hard'));
    const current = fieldsOf(at(quota, 'status', 'used'));
    return Object.keys(hard).map(
      key => `${key}: ${current[key] ?? 0}/${hard[key]}`,
    );
  },
  secretCount: account => itemsOf(fieldOf(account, 'secrets')).length,
  ruleCount: role => itemsOf(fieldOf(role, 'rules')).length,
  aggregated: role => fieldOf(role, 'aggregationRule') !== undefined,
  roleReference: binding => {
    const kind = textOf(at(binding, 'roleRef', 'kind'));
    return kind && `${kind}/${textOf(at(binding, 'roleRef', 'name')) ?? ''}`;
  },
  subjectUsers: binding => subjects(binding, 'User'),
  subjectGroups: binding => subjects(binding, 'Group'),
  subjectServiceAccounts: binding => subjects(binding, 'ServiceAccount'),
  subjectCount: binding => itemsOf(fieldOf(binding, 'subjects')).length,
  webhookCount: object => itemsOf(fieldOf(object, 'webhooks')).length,
  validationCount: policy => itemsOf(at(policy, 'spec', 'validations')).length,
  usedCpu: metrics => used(metrics, 'cpu'),
  usedMemory: metrics => used(metrics, 'memory'),
};
