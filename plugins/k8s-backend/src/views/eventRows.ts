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

/** What an event says, how often, of what and when; RFC 3339, empty where its writer did not say. */
export interface Saying {
  /** The same for all that say the same. */
  key: string;
  object: string;
  count: number;
  firstSeen: string;
  lastSeen: string;
}

const firstTime = (event: EventObject) =>
  event.firstTimestamp ??
  event.eventTime ??
  event.metadata.creationTimestamp ??
  '';

/** What an event says. */
export function sayingOf(event: EventObject): Saying {
  const { kind = '', name = '', namespace = '' } = event.involvedObject ?? {};
  return {
    key: JSON.stringify([
      event.type,
      kind,
      event.reason,
      normalised(plainText(event.message), name),
    ]),
    object: `${namespace}/${name}`,
    count: Math.max(event.series?.count ?? event.count ?? 1, 1),
    firstSeen: firstTime(event),
    lastSeen: eventTime(event),
  };
}

/** The id of the row of all that say the same. */
export function eventRowId(key: string): string {
  return createHash('sha256')
    .update(key)
    .digest('base64url')
    .slice(0, ID_LENGTH);
}

/** The one that was said last. */
export function newestOf<S extends Saying>(sayings: readonly S[]): S {
  return sayings.reduce((newest, saying) =>
    saying.lastSeen > newest.lastSeen ? saying : newest,
  );
}

/** The row of all that say the same; `newest`: the event that said it last, whose words and object are shown. */
export function eventRow(
  newest: EventObject,
  sayings: readonly Saying[],
): Schema<'Event'> {
  const { involvedObject } = newest;
  const namespace = plainTextOrAbsent(involvedObject?.namespace, 63);
  const source = plainTextOrAbsent(
    newest.source?.component || newest.reportingComponent,
    128,
  );
  let count = 0;
  let firstSeen = '';
  const objects = new Set<string>();
  for (const saying of sayings) {
    count += saying.count;
    objects.add(saying.object);
    const isEarlier = !firstSeen || saying.firstSeen < firstSeen;
    if (saying.firstSeen && isEarlier) firstSeen = saying.firstSeen;
  }
  return {
    id: eventRowId(sayings[0].key),
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
    lastSeen: newestOf(sayings).lastSeen || new Date(0).toISOString(),
  };
}

/** The order of rows: newest first. */
export function byNewest(one: Schema<'Event'>, other: Schema<'Event'>): number {
  if (one.lastSeen !== other.lastSeen) {
    return one.lastSeen < other.lastSeen ? 1 : -1;
  }
  return one.id < other.id ? -1 : 1;
}

/**
 * Events as lists show them, newest first: those that say the same of several objects of a kind are one row, with how often
 * it was said and of how many objects. The row's message and object are those of the newest.
 */
export function eventRows(events: readonly EventObject[]): Schema<'Event'>[] {
  const groups = new Map<string, (Saying & { event: EventObject })[]>();
  for (const event of events) {
    const saying = { ...sayingOf(event), event };
    const group = groups.get(saying.key);
    if (group) group.push(saying);
    else groups.set(saying.key, [saying]);
  }
  return [...groups.values()]
    .map(group => eventRow(newestOf(group).event, group))
    .sort(byNewest);
}
