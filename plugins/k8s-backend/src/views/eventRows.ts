import { createHash } from 'node:crypto';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { eventTime } from '../workloads/WorkloadObjects';
import type { EventObject } from '../workloads/WorkloadObjects';
import { plainText, plainTextOrAbsent } from './plainText';

/** Characters of a digest that make an id; 72 bits are enough within one cluster. */
const ID_LENGTH = 12;
/** Characters of a message by which events are compared. */
const COMPARED_LENGTH = 512;

/** What differs between events that say the same: the order matters, a UUID holds numbers. */
const VARIABLES: readonly RegExp[] = [
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi,
  /\b[0-9a-f]{12,64}\b/gi,
  /\d+(?:\.\d+)*/g,
];

/** The message without names, ids, addresses and numbers of the object that it speaks of. */
function normalised(message: string, involved: string): string {
  let text = message.slice(0, COMPARED_LENGTH);
  if (involved) text = text.split(involved).join('*');
  for (const pattern of VARIABLES) text = text.replace(pattern, '#');
  return text;
}

interface Group {
  newest: EventObject;
  count: number;
  objects: Set<string>;
  firstSeen: string;
  lastSeen: string;
}

const firstTime = (event: EventObject) =>
  event.firstTimestamp ??
  event.eventTime ??
  event.metadata.creationTimestamp ??
  '';

function rowOf(key: string, group: Group): Schema<'Event'> {
  const { newest, count, objects, firstSeen, lastSeen } = group;
  const { involvedObject } = newest;
  const namespace = plainTextOrAbsent(involvedObject?.namespace, 63);
  const source = plainTextOrAbsent(
    newest.source?.component || newest.reportingComponent,
    128,
  );
  return {
    id: createHash('sha256')
      .update(key)
      .digest('base64url')
      .slice(0, ID_LENGTH),
    type: newest.type === 'Warning' ? 'Warning' : 'Normal',
    reason: plainText(newest.reason, 128),
    message: plainText(newest.message),
    count,
    objects: objects.size,
    involved: {
      kind: plainText(involvedObject?.kind, 63),
      name: plainText(involvedObject?.name, 253),
      ...(namespace && { namespace }),
    },
    ...(source && { source }),
    ...(firstSeen && { firstSeen }),
    lastSeen: lastSeen || new Date(0).toISOString(),
  };
}

/**
 * Events as lists show them, newest first: those that say the same of several objects of a kind are one row, with how often
 * it was said and of how many objects. The row's message and object are those of the newest.
 */
export function eventRows(events: readonly EventObject[]): Schema<'Event'>[] {
  const groups = new Map<string, Group>();
  for (const event of events) {
    const { kind = '', name = '', namespace = '' } = event.involvedObject ?? {};
    const key = JSON.stringify([
      event.type,
      kind,
      event.reason,
      normalised(plainText(event.message), name),
    ]);
    const object = `${namespace}/${name}`;
    const count = Math.max(event.series?.count ?? event.count ?? 1, 1);
    const lastSeen = eventTime(event);
    const firstSeen = firstTime(event);
    const group = groups.get(key);
    if (!group) {
      groups.set(key, {
        newest: event,
        count,
        objects: new Set([object]),
        firstSeen,
        lastSeen,
      });
      continue;
    }
    group.count += count;
    group.objects.add(object);
    if (firstSeen && (!group.firstSeen || firstSeen < group.firstSeen)) {
      group.firstSeen = firstSeen;
    }
    if (lastSeen > group.lastSeen) {
      group.lastSeen = lastSeen;
      group.newest = event;
    }
  }
  return [...groups]
    .map(([key, group]) => rowOf(key, group))
    .sort(
      (one, other) =>
        (one.lastSeen < other.lastSeen ? 1 : 0) -
          (one.lastSeen > other.lastSeen ? 1 : 0) ||
        (one.id < other.id ? -1 : 1),
    );
}
