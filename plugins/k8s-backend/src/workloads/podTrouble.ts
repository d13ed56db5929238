import { plainText } from '../views/plainText';
import { containerTrouble } from './containerTrouble';
import { isPodFinished, isPodReady } from './podStatus';
import { readinessTrouble } from './readinessTrouble';
import { schedulingTrouble } from './schedulingTrouble';
import { conditionOf, eventTime } from './WorkloadObjects';
import type { EventObject, PodObject } from './WorkloadObjects';
import type { Trouble } from './Trouble';

/** A pod that does not end within this time after its grace period has a finalizer or a node that does not answer. */
const TERMINATION_SLACK_MS = 60_000;

/** Event reasons that say why containers of a pod are not made. */
const SETUP_EVENTS: Record<string, { words: string; advice: string }> = {
  FailedMount: {
    words: 'a volume cannot be mounted',
    advice: 'Check that what the volume names exists.',
  },
  FailedAttachVolume: {
    words: 'a volume cannot be attached',
    advice: 'Check whether another node still holds the volume.',
  },
  FailedCreatePodSandBox: {
    words: "the node cannot set up the pod's network",
    advice: 'Have an administrator look at the network plugin.',
  },
};

/** The newest warning of a reason. */
function newest(events: readonly EventObject[], reasons: readonly string[]) {
  return events
    .filter(
      ({ reason, type }) =>
        type === 'Warning' && reasons.includes(reason ?? ''),
    )
    .sort((one, other) => (eventTime(one) < eventTime(other) ? 1 : -1))
    .at(0);
}

function probeTrouble(
  pod: PodObject,
  events: readonly EventObject[],
): Trouble | undefined {
  const waiting = (pod.status?.containerStatuses ?? []).filter(
    ({ ready, state }) => !ready && state?.running,
  );
  if (waiting.length === 0) return undefined;
  const event = newest(
    events.filter(({ message }) =>
      /^(readiness|startup) probe/i.test(message ?? ''),
    ),
    ['Unhealthy'],
  );
  const said = plainText(event?.message, 256);
  const [, probe, detail] = /^(\w+) probe \w+:? ?(.*)$/.exec(said) ?? [];
  const name = waiting[0].name;
  const since = conditionOf(pod.status, 'ContainersReady')?.lastTransitionTime;
  if (!probe) {
    return {
      code: 'ContainersNotReady',
      words: `the container ${name} runs but is not ready yet`,
      advice: 'Wait for its readiness probe, or look at its logs.',
      since,
      weight: 'starting',
    };
  }
  const kind = probe.toLowerCase();
  return {
    code: 'Unhealthy',
    words: `the ${kind} probe of the container ${name} fails${
      detail ? ` (${detail})` : ''
    }`,
    advice: `Look at the logs, and check path and port of the ${kind} probe.`,
    since,
    weight: 'starting',
  };
}

function setupTrouble(
  pod: PodObject,
  events: readonly EventObject[],
): Trouble | undefined {
  const event = newest(events, Object.keys(SETUP_EVENTS));
  if (!event?.reason) return undefined;
  const { words, advice } = SETUP_EVENTS[event.reason];
  const missing = /(configmap|secret) "([^"]+)" not found/i.exec(
    event.message ?? '',
  );
  const kind = missing?.[1].toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
  const detail = missing
    ? `the ${kind} ${plainText(missing[2], 253)} does not exist`
    : plainText(event.message, 512);
  return {
    code: event.reason,
    words: `${words}: ${detail}`,
    advice,
    since: pod.metadata.creationTimestamp,
    weight: 'likely',
  };
}

function terminationTrouble(pod: PodObject, now: number): Trouble | undefined {
  const until = Date.parse(pod.metadata.deletionTimestamp ?? '');
  // Written so that an unreadable time counts as no trouble.
  if (!(now - until > TERMINATION_SLACK_MS)) return undefined;
  const finalizers = pod.metadata.finalizers;
  return {
    code: 'Terminating',
    words: `the pod should have ended but has not${
      Array.isArray(finalizers) && finalizers.length > 0
        ? `; it waits for ${finalizers
            .map(name => plainText(name, 128))
            .join(', ')}`
        : '; its node may not answer'
    }`,
    advice: 'Check its node, and whoever has to take its finalizers off.',
    since: pod.metadata.deletionTimestamp,
    weight: 'likely',
  };
}

/** What keeps a pod from being ready; undefined for one that is ready, finished, or has only just begun. */
export function podTrouble(
  pod: PodObject,
  /** Those about this pod; `now` in milliseconds since 1970. */
  options: { events: readonly EventObject[]; now: number },
): Trouble | undefined {
  const { events, now } = options;
  const { status } = pod;
  if (pod.metadata.deletionTimestamp) return terminationTrouble(pod, now);
  if (isPodReady(pod) || status?.phase === 'Succeeded') return undefined;
  const notReadySince =
    conditionOf(status, 'Ready')?.lastTransitionTime ??
    pod.metadata.creationTimestamp;

  if (isPodFinished(pod)) {
    const code = plainText(status?.reason, 64) || 'Failed';
    const message = plainText(status?.message);
    return {
      code,
      words: `the pod was ended (${code})${message ? `: ${message}` : ''}`,
      advice: 'Its deployment makes a new one; look at its events.',
      since: notReadySince,
      weight: 'likely',
    };
  }
  const scheduled = conditionOf(status, 'PodScheduled');
  if (scheduled?.status === 'False') {
    const isGated = scheduled.reason === 'SchedulingGated';
    return {
      code: plainText(scheduled.reason, 64) || 'Unschedulable',
      ...(isGated
        ? {
            words: 'a scheduling gate holds the pod back',
            advice: 'Whoever set the gate has to take it off.',
          }
        : schedulingTrouble(scheduled.message)),
      since: scheduled.lastTransitionTime ?? pod.metadata.creationTimestamp,
      weight: 'likely',
    };
  }
  if (
    status?.reason === 'NodeLost' ||
    conditionOf(status, 'Ready')?.reason === 'NodeNotReady'
  ) {
    return {
      code: 'NodeLost',
      words: `the node ${plainText(pod.spec?.nodeName, 253)} does not answer`,
      advice: 'Look at the node.',
      since: notReadySince,
      weight: 'likely',
    };
  }
  const eventText = plainText(
    events
      .filter(({ reason, type }) => type === 'Warning' && reason === 'Failed')
      .map(({ message }) => message)
      .join(' '),
    4096,
  );
  for (const isInit of [true, false]) {
    const specs = isInit ? pod.spec?.initContainers : pod.spec?.containers;
    const statuses = isInit
      ? status?.initContainerStatuses
      : status?.containerStatuses;
    for (const containerStatus of statuses ?? []) {
      const spec = specs?.find(({ name }) => name === containerStatus.name);
      const trouble = containerTrouble({
        status: containerStatus,
        spec,
        eventText,
        isInit: isInit && spec?.restartPolicy !== 'Always',
      });
      if (trouble) return { ...trouble, since: notReadySince };
    }
  }
  return (
    probeTrouble(pod, events) ??
    setupTrouble(pod, events) ??
    readinessTrouble(pod)
  );
}
