/**
 * The history of one object: what the recorder has kept, merged with the audit, so that a change that was made through the portal is
 * one entry. Both are read newest first; a page takes from both what comes next, and its end is a place in both.
 */
import { InputError, NotFoundError } from '@backstage/errors';
import {
  FIELD_MANAGER,
  keptHistoryOf,
  traitsOf,
} from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType, Schema } from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { ReadGuard } from '../access/ReadGuard';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { AuditScopes } from '../audit/AuditScopes';
import type {
  AuditScope,
  AuditStore,
  EffectiveEntry,
} from '../audit/AuditStore';
import type { KindDirectory } from '../discovery/KindDirectory';
import { referenceOf } from '../objects/ObjectPlace';
import type { ObjectPlace } from '../objects/ObjectPlace';
import { effectKey } from './HistoryStore';
import type { ChangeEffect, HistoryStore, KeptChange } from './HistoryStore';

/** One entry, and what it is sorted by. */
type Place = { at: number; source: 'change' | 'audit'; id: string };
type Found = { place: Place; entry: Schema<'HistoryEntry'> };

const POSITION = /^(\d{1,15})\.(change|audit)\.([0-9a-f-]{36})$/;

function formatPosition({ at, source, id }: Place): string {
  return Buffer.from(`${at}.${source}.${id}`).toString('base64url');
}

/** @throws InputError */
function parsePosition(token: string): Place {
  const text = Buffer.from(token, 'base64url').toString('latin1');
  const match = POSITION.exec(text);
  if (!match) {
    throw new InputError('query/continue is not from a page of a history');
  }
  const source = match[2] === 'audit' ? 'audit' : 'change';
  return { at: Number(match[1]), source, id: match[3] };
}

/** Newest first; at one moment changes come before the audit. */
function inOrder({ place: one }: Found, { place: other }: Found): number {
  if (one.at !== other.at) return other.at - one.at;
  if (one.source !== other.source) return one.source === 'change' ? -1 : 1;
  return one.id < other.id ? 1 : -1;
}

const isOfPortal = ({ managers }: KeptChange) =>
  managers.some(({ manager }) => manager === FIELD_MANAGER);

function byOf(change: KeptChange): Schema<'HistoryEntry'>['by'] {
  if (isOfPortal(change)) return 'portal';
  return change.managers.length > 0 ? 'outside' : 'unknown';
}

function entryOfChange(
  change: KeptChange,
  audit: Schema<'AuditEntry'> | undefined,
): Schema<'HistoryEntry'> {
  const { id, type, uid, resourceVersion, managers, changes, omitted } = change;
  return {
    ...{ id, type, uid, managers, changes, omitted },
    at: new Date(change.at).toISOString(),
    ...(change.notBefore !== undefined && {
      notBefore: new Date(change.notBefore).toISOString(),
    }),
    ...(type !== 'deleted' && { resourceVersion }),
    by: audit ? 'portal' : byOf(change),
    ...(audit && { audit }),
  };
}

function entryOfAudit(audit: Schema<'AuditEntry'>): Schema<'HistoryEntry'> {
  return {
    id: audit.id,
    at: audit.at,
    type: 'request',
    ...{ managers: [], changes: [], omitted: 0 },
    by: 'portal',
    audit,
  };
}

/** Tells what became of objects, and by whom. */
export class ObjectHistory {
  constructor(
    private readonly options: {
      store: HistoryStore;
      audit: AuditStore;
      scopes: AuditScopes;
      clusters: VisibleClusters;
      guard: ReadGuard;
      kinds: KindDirectory;
      /** Tells whether what has no history exists. */
      resources: Pick<ResourceReader, 'get'>;
      /** 0: nothing is recorded. */
      retentionDays: number;
      /** Kinds that are recorded whether or not somebody looks at them. */
      alwaysKept: readonly ResourceType[];
    },
  ) {}

  /**
   * One page.
   *
   * @throws NotFoundError also when the object neither exists nor is known to have existed, InputError
   */
  async list(
    place: ObjectPlace,
    options: { context: RequestContext; limit: number; continue?: string },
  ): Promise<Schema<'ObjectHistory'>> {
    const { context, limit } = options;
    const { clusters, guard, store, retentionDays, resources } = this.options;
    const after =
      options.continue === undefined
        ? undefined
        : parsePosition(options.continue);
    // Which kinds a cluster has is told to who sees the cluster.
    await clusters.get(place.cluster, context);
    const reference = await this.reference(place, context);
    await guard.demand(reference, context);
    const { scope } = await this.options.scopes.of(context);
    const found = [
      ...(await this.changes(place, { after, limit, scope })),
      ...(await this.requests(place, { after, limit, scope })),
    ].sort(inOrder);
    if (found.length === 0 && !after)
      await resources.get(reference, { context });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const kept = retentionDays === 0 ? 'none' : keptHistoryOf(place);
    const spans = kept === 'none' ? [] : await store.spans(place);
    return {
      entries: page.map(({ entry }) => entry),
      ...(found.length > limit &&
        last && { continue: formatPosition(last.place) }),
      recording: {
        ...{ kept, retentionDays, always: this.isAlwaysKept(place) },
        spans: spans.map(({ dropped, ...span }) => ({
          ...timesOf(span),
          ...(dropped && { dropped: timesOf(dropped) }),
        })),
      },
    };
  }

  private isAlwaysKept(place: ObjectPlace): boolean {
    return this.options.alwaysKept.some(
      ({ group, plural }) => group === place.group && plural === place.plural,
    );
  }

  /** What was heard; what the caller may not know of the audit is left out. */
  private async changes(
    object: ObjectPlace,
    options: { after?: Place; limit: number; scope: AuditScope },
  ): Promise<Found[]> {
    const { after, limit, scope } = options;
    const { store, audit } = this.options;
    const changes = await store.list({
      object,
      limit: limit + 1,
      after: after && {
        at: after.at,
        ...(after.source === 'change' && { id: after.id }),
      },
    });
    const entries = await audit.ofEffects({
      ...{ cluster: object.cluster, scope, effects: changes },
    });
    const byEffect = new Map(
      entries.map(({ entry, effect }) => [effectKey(effect), entry]),
    );
    return changes.map(change => ({
      place: { at: change.at, source: 'change', id: change.id },
      entry: entryOfChange(change, byEffect.get(effectKey(change))),
    }));
  }

  /** What is in the audit and led to no change that was heard: refused, failed, or made while nobody recorded. */
  private async requests(
    object: ObjectPlace,
    options: { after?: Place; limit: number; scope: AuditScope },
  ): Promise<Found[]> {
    const { limit, scope } = options;
    const { store, audit } = this.options;
    const { cluster, group, plural, namespace, name } = object;
    const found: Found[] = [];
    let { after } = options;
    // Those that are told as changes are passed over, so that one look may find too few.
    for (;;) {
      const { entries, next } = await audit.listEffective({
        ...{ scope, cluster, limit: limit + 1 },
        object: { group, plural, namespace: namespace ?? null, name },
        after: after && {
          // At one moment the audit comes after the changes.
          at: after.source === 'audit' ? after.at : after.at + 1,
          id: after.source === 'audit' ? after.id : '',
        },
      });
      const known = await store.known(cluster, effectsOf(entries));
      found.push(
        ...entries
          .filter(({ effect }) => !effect || !known.has(effectKey(effect)))
          .map(({ entry }) => ({
            place: {
              at: Date.parse(entry.at),
              source: 'audit' as const,
              id: entry.id,
            },
            entry: entryOfAudit(entry),
          })),
      );
      if (!next || found.length > limit) return found.slice(0, limit + 1);
      after = { ...next, source: 'audit' };
    }
  }

  /** Of a kind that the cluster does not tell of now what every cluster has in common is enough. @throws NotFoundError, InputError */
  private async reference(
    place: ObjectPlace,
    context: RequestContext,
  ): Promise<ObjectReference> {
    const { kinds } = this.options;
    try {
      const kind = await kinds.find(place.cluster, place, {
        signal: context.signal,
      });
      return referenceOf(place, kind);
    } catch (error) {
      const traits = traitsOf(place);
      const isKnown = traits && !(error instanceof NotFoundError);
      if (!isKnown || error instanceof InputError) throw error;
      return { ...place, version: traits.version };
    }
  }
}

function timesOf({ from, to }: { from: number; to: number }) {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

function effectsOf(entries: readonly EffectiveEntry[]): ChangeEffect[] {
  return entries.flatMap(({ effect }) => effect ?? []);
}
