import type { KeptOfKind } from './KindKeeping';
import { RUNGS } from './MemoryLedger';

/** Bytes, as the cache counts them itself. */
export interface KindMemory {
  /** Of objects: packed, not packed yet, and unpacked for readers. */
  bodies: number;
  /** Of rows, their indexes and pages. */
  rows: number;
}

/** A kind in one cluster, for who decides what to let go of. Times are ms since 1970. */
export interface DroppableKind {
  readonly keeps: KeptOfKind;
  readonly memory: KindMemory;
  /** Pages of everything else need it. */
  readonly isCritical: boolean;
  /** Somebody is told of its changes at the moment. */
  readonly isFollowed: boolean;
  /** Somebody is told of them as whole objects. */
  readonly areObjectsFollowed: boolean;
  readonly lastUsed: number;
  readonly objectsLastRead: number;
  /** Keeps its rows only. */
  dropBodies(): void;
  /** Keeps nothing of it; whoever follows it is told why. */
  drop(): void;
}

/** Something that can be let go of. */
export interface Step {
  what: 'bodies' | 'kind';
  bytes: number;
  /** The least first, within a rung. */
  order: number;
  drop: () => void;
}

const BODIES = 0;
const ROWS = 1;
const FOLLOWED = 2;
const CRITICAL = 3;

/**
 * What can be let go of, in rungs: nothing of a rung goes before all of those below it are empty, in any thread.
 *
 * 0. Objects that nobody follows, of the kind first whose objects were not read for longest: an object costs a request then.
 * 1. Kinds that nobody follows, the one first that was not read for longest.
 * 2. Kinds that somebody follows, the largest first: that one does not fit, and the others should not suffer for it.
 * 3. Critical kinds, the one first that was not read for longest.
 */
export function rungsOf(kinds: Iterable<DroppableKind>): Step[][] {
  const rungs = Array.from({ length: RUNGS }, (): Step[] => []);
  for (const kind of kinds) {
    const { bodies, rows } = kind.memory;
    const isHeld = kind.areObjectsFollowed || kind.keeps !== 'objects';
    if (!isHeld && bodies > 0) {
      rungs[BODIES].push({
        ...{ what: 'bodies', bytes: bodies, order: kind.objectsLastRead },
        drop: () => kind.dropBodies(),
      });
    }
    const bytes = isHeld ? rows + bodies : rows;
    if (kind.keeps === 'nothing' || bytes === 0) continue;
    const rung = rungOf(kind);
    rungs[rung].push({
      ...{ what: 'kind', bytes },
      order: rung === FOLLOWED ? -bytes : kind.lastUsed,
      drop: () => kind.drop(),
    });
  }
  for (const steps of rungs) {
    steps.sort((one, other) => one.order - other.order);
  }
  return rungs;
}

/** Bytes of what nobody follows, nor has read since that time. */
export function idleBytes(rungs: readonly Step[][], since: number): number {
  return [...rungs[BODIES], ...rungs[ROWS]]
    .filter(({ order }) => order < since)
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

function rungOf({ isCritical, isFollowed }: DroppableKind): number {
  if (isCritical) return CRITICAL;
  return isFollowed ? FOLLOWED : ROWS;
}
