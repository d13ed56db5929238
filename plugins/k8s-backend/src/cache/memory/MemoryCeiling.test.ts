import { DEFAULT_TIMINGS } from '../CacheTimings';
import type { KeptOfKind } from './KindKeeping';
import { MemoryCeiling } from './MemoryCeiling';
import { MemoryLedger } from './MemoryLedger';
import type { DroppableKind, KindMemory } from './rungsOf';

const MIB = 1024 * 1024;

class Kind implements DroppableKind {
  keeps: KeptOfKind = 'objects';
  memory: KindMemory;
  isCritical = false;
  isFollowed = false;
  areObjectsFollowed = false;
  lastUsed = Date.now();
  objectsLastRead = Date.now();

  constructor(mebibytes: KindMemory, more: Partial<DroppableKind> = {}) {
    const { bodies, rows } = mebibytes;
    this.memory = { bodies: bodies * MIB, rows: rows * MIB };
    Object.assign(this, more);
  }

  dropBodies() {
    this.keeps = 'rows';
    this.memory = { ...this.memory, bodies: 0 };
  }

  drop() {
    this.keeps = 'nothing';
    this.memory = { bodies: 0, rows: 0 };
  }
}

function setUp(...threads: Kind[][]) {
  const warnings: string[] = [];
  const memory = MemoryLedger.memory(threads.length);
  const ceilings = threads.map(
    (kinds, thread) =>
      new MemoryCeiling({
        settings: { ceilingBytes: 100 * MIB, memory, thread },
        kinds: () => kinds,
        timings: DEFAULT_TIMINGS,
        warn: message => warnings.push(message),
      }),
  );
  const look = () => ceilings.forEach(ceiling => ceiling.look());
  return { ceilings, look, warnings };
}

describe('MemoryCeiling', () => {
  it('makes room for what it cannot let go of', () => {
    const kind = new Kind({ bodies: 50, rows: 10 });
    const ceiling = new MemoryCeiling({
      settings: {
        ...{ ceilingBytes: 100 * MIB, thread: 0 },
        memory: MemoryLedger.memory(1),
      },
      ...{ kinds: () => [kind], besides: () => 60 * MIB },
      ...{ timings: DEFAULT_TIMINGS, warn: () => {} },
    });
    ceiling.look();
    expect(kind.keeps).toBe('rows');
    expect(ceiling.status()).toMatchObject({ usedBytes: 70 * MIB });
    expect(ceiling.hasRoom(30 * MIB)).toBe(false);
  });

  it('leaves everything alone as long as it fits', () => {
    const kinds = [new Kind({ bodies: 50, rows: 50 })];
    const { look, warnings, ceilings } = setUp(kinds);
    look();
    expect(kinds[0].keeps).toBe('objects');
    expect(warnings).toEqual([]);
    expect(ceilings[0].status()).toEqual({
      ...{ ceilingBytes: 100 * MIB, usedBytes: 100 * MIB },
      ...{ droppedBodies: 0, droppedKinds: 0 },
    });
  });

  it('drops no more than it has to, and rows only when no bodies are left', () => {
    const old = new Kind({ bodies: 30, rows: 20 }, { objectsLastRead: 1 });
    const young = new Kind({ bodies: 30, rows: 22 });
    const { look, ceilings } = setUp([young, old]);
    look();
    expect([old.keeps, young.keeps]).toEqual(['rows', 'objects']);
    young.memory = { bodies: 30 * MIB, rows: 60 * MIB };
    look();
    expect([old.keeps, young.keeps]).toEqual(['rows', 'rows']);
    young.memory = { bodies: 0, rows: 85 * MIB };
    old.lastUsed = 1;
    look();
    expect([old.keeps, young.keeps]).toEqual(['nothing', 'rows']);
    expect(ceilings[0].status()).toMatchObject({
      ...{ usedBytes: 85 * MIB, droppedBodies: 2, droppedKinds: 1 },
    });
  });

  it('spares rows in one thread while there are bodies in another', () => {
    const rows = new Kind({ bodies: 0, rows: 60 }, { keeps: 'rows' });
    const bodies = new Kind({ bodies: 50, rows: 10 });
    const { look } = setUp([rows], [bodies]);
    look();
    look();
    expect([rows.keeps, bodies.keeps]).toEqual(['rows', 'rows']);
  });

  it('warns once per fault, whichever thread sees it', () => {
    const one = new Kind({ bodies: 80, rows: 1 });
    const other = new Kind({ bodies: 80, rows: 1 });
    const { look, warnings } = setUp([one], [other]);
    look();
    look();
    expect(warnings).toHaveLength(1);
    one.memory = { bodies: 0, rows: 0 };
    look();
    one.memory = { bodies: 90 * MIB, rows: 15 * MIB };
    one.keeps = 'objects';
    look();
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('k8s.cache.memory');
  });

  it('does not warn again while it stays near the ceiling', () => {
    const kind = new Kind({ bodies: 1, rows: 99 }, { isFollowed: true });
    const small = new Kind({ bodies: 5, rows: 1 });
    const { look, warnings } = setUp([kind, small]);
    look();
    kind.memory = { bodies: 0, rows: 80 * MIB };
    look();
    kind.memory = { bodies: 0, rows: 101 * MIB };
    look();
    expect(warnings).toHaveLength(1);
  });

  it('has room for what fits, and for what idle kinds can make way for', () => {
    const idle = new Kind({ bodies: 40, rows: 40 });
    const { ceilings } = setUp([idle], []);
    expect(ceilings[0].hasRoom(10 * MIB)).toBe(true);
    expect(ceilings[1].hasRoom(11 * MIB)).toBe(false);
    expect(ceilings[0].hasRoom(11 * MIB)).toBe(false);
    idle.lastUsed = 1;
    idle.objectsLastRead = 1;
    expect(ceilings[0].hasRoom(90 * MIB)).toBe(true);
    expect(ceilings[0].hasRoom(91 * MIB)).toBe(false);
  });

  it('forgets what a thread held that is gone', () => {
    const { ceilings, look } = setUp([new Kind({ bodies: 40, rows: 40 })], []);
    look();
    ceilings[0].stop();
    expect(ceilings[1].hasRoom(90 * MIB)).toBe(true);
  });
});
