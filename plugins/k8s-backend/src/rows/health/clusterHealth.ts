import type {
  KubernetesObject,
  ResourceHealth,
} from '@backstage-k8s/plugin-k8s-common';
import { loadBalancerAddresses } from '../cells/networkCells';
import { nodeStatus } from '../cells/clusterCells';
import {
  at,
  conditionsOf,
  fieldOf,
  itemsOf,
  numberOf,
  textOf,
} from '../fields';
import { byConditions, conditionHealth } from './conditionHealth';
import { health, sentence } from './Health';

/** Conditions of a node that are bad when they hold. */
const PRESSURES = [
  'MemoryPressure',
  'DiskPressure',
  'PIDPressure',
  'NetworkUnavailable',
];

/** Of a Node. */
export function nodeHealth(node: KubernetesObject): ResourceHealth {
  const conditions = conditionsOf(node);
  const word = nodeStatus(node);
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True') {
    return health(
      ready ? 'degraded' : 'unknown',
      word,
      ready && sentence(ready.message || 'The node is not ready'),
    );
  }
  const pressure = conditions.find(
    ({ type, status }) => PRESSURES.includes(type) && status === 'True',
  );
  if (pressure) {
    return health(
      'degraded',
      pressure.type,
      sentence(pressure.message || pressure.reason),
    );
  }
  const isClosed = at(node, 'spec', 'unschedulable') === true;
  return health(
    isClosed ? 'suspended' : 'healthy',
    word,
    isClosed ? 'No new pods are put on it.' : undefined,
  );
}

/** Of a Namespace. */
export function namespaceHealth(object: KubernetesObject): ResourceHealth {
  const trouble = conditionsOf(object).find(
    ({ type, status }) => status === 'True' && /Failure$|Remaining$/.test(type),
  );
  if (at(object, 'status', 'phase') !== 'Terminating') {
    return health('healthy', 'Active');
  }
  return health('progressing', 'Terminating', sentence(trouble?.message ?? ''));
}

/** Of a Service. */
export function serviceHealth(service: KubernetesObject): ResourceHealth {
  const isBalanced = at(service, 'spec', 'type') === 'LoadBalancer';
  if (isBalanced && loadBalancerAddresses(service).length === 0) {
    return health('progressing', 'Pending', 'It has no external address yet.');
  }
  return health('healthy');
}

/** Of an Ingress. Not every controller notes an address, so that none says little. */
export function ingressHealth(ingress: KubernetesObject): ResourceHealth {
  return loadBalancerAddresses(ingress).length > 0
    ? health('healthy')
    : health('unknown', 'NoAddress', 'No controller gave it an address.');
}

/** Of a route of the Gateway API: by the conditions that each of its gateways has for it. */
export function routeHealth(route: KubernetesObject): ResourceHealth {
  const parents = itemsOf(at(route, 'status', 'parents'));
  if (parents.length === 0) {
    return health('progressing', 'Pending', 'No gateway has taken it up yet.');
  }
  const states = parents.map(parent => {
    const conditions = conditionsOf({
      status: { conditions: fieldOf(parent, 'conditions') },
    });
    const missing = conditions.find(
      ({ type, status }) => type === 'ResolvedRefs' && status === 'False',
    );
    return missing
      ? health(
          'degraded',
          missing.reason,
          sentence(missing.message || missing.reason),
        )
      : byConditions(conditions) ?? health('unknown');
  });
  return states.find(({ state }) => state !== 'healthy') ?? states[0];
}

/** Of a PersistentVolumeClaim. */
export function claimHealth(claim: KubernetesObject): ResourceHealth {
  const phase = textOf(at(claim, 'status', 'phase'));
  if (phase === 'Bound') {
    const resizing = conditionsOf(claim).find(
      ({ type, status }) => /Resiz/.test(type) && status === 'True',
    );
    return resizing
      ? health('progressing', resizing.type, sentence(resizing.message))
      : health('healthy', 'Bound');
  }
  if (phase === 'Lost') {
    return health('degraded', 'Lost', 'Its volume does not exist any more.');
  }
  return health('progressing', phase ?? 'Pending', 'It has no volume yet.');
}

/** Of a PersistentVolume. */
export function volumeHealth(volume: KubernetesObject): ResourceHealth {
  const phase = textOf(at(volume, 'status', 'phase'));
  if (phase === 'Bound' || phase === 'Available') {
    return health('healthy', phase);
  }
  if (phase === 'Failed') {
    const message = textOf(at(volume, 'status', 'message'));
    return health('degraded', phase, sentence(message ?? ''));
  }
  return phase === 'Released'
    ? health('suspended', phase, 'Its claim is gone; its data is still there.')
    : health('progressing', phase ?? 'Pending');
}

/** Of a HorizontalPodAutoscaler. */
export function autoscalerHealth(object: KubernetesObject): ResourceHealth {
  const trouble = conditionsOf(object).find(
    ({ type, status }) =>
      (type === 'AbleToScale' || type === 'ScalingActive') &&
      status === 'False',
  );
  if (trouble?.reason === 'ScalingDisabled') {
    return health('suspended', trouble.reason, sentence(trouble.message));
  }
  if (trouble) {
    return health('degraded', trouble.reason, sentence(trouble.message));
  }
  return conditionsOf(object).length > 0
    ? health('healthy', 'Active')
    : health('progressing', 'Pending');
}

/** Of a PodDisruptionBudget. */
export function budgetHealth(object: KubernetesObject): ResourceHealth {
  const current = numberOf(at(object, 'status', 'currentHealthy'));
  const desired = numberOf(at(object, 'status', 'desiredHealthy'));
  if (current === undefined || desired === undefined) {
    return health('unknown');
  }
  return current >= desired
    ? health('healthy')
    : health(
        'degraded',
        'TooFewPods',
        `${current} of at least ${desired} pods are healthy.`,
      );
}

/** Of an Event: a warning is about something that is wrong. */
export function eventHealth(event: KubernetesObject): ResourceHealth {
  const type = textOf(fieldOf(event, 'type'));
  return health(type === 'Warning' ? 'degraded' : 'healthy', type);
}

/** Of a CustomResourceDefinition: refused names are told before what follows from them. */
export function definitionHealth(object: KubernetesObject): ResourceHealth {
  const names = conditionsOf(object).find(
    ({ type, status }) => type === 'NamesAccepted' && status === 'False',
  );
  return names
    ? health('degraded', names.reason, sentence(names.message))
    : conditionHealth(object);
}

/** Of a VolumeAttachment. */
export function attachmentHealth(object: KubernetesObject): ResourceHealth {
  const error =
    textOf(at(object, 'status', 'attachError', 'message')) ??
    textOf(at(object, 'status', 'detachError', 'message'));
  if (error !== undefined) return health('degraded', 'Failed', sentence(error));
  return at(object, 'status', 'attached') === true
    ? health('healthy', 'Attached')
    : health('progressing', 'Attaching');
}

/** Of a CertificateSigningRequest. */
export function requestHealth(object: KubernetesObject): ResourceHealth {
  const conditions = conditionsOf(object);
  const refused = conditions.find(
    ({ type }) => type === 'Denied' || type === 'Failed',
  );
  if (refused) {
    return health('degraded', refused.type, sentence(refused.message));
  }
  return conditions.some(({ type }) => type === 'Approved')
    ? health('healthy', 'Approved')
    : health('progressing', 'Pending', 'Nobody has approved it yet.');
}
