import type { KeptOfKind } from './KindKeeping';
import { idleBytes, rungsOf } from './rungsOf';
import type { DroppableKind } from './rungsOf';

const dropped: string[] = [];

function kind(
  name: string,
  more: Partial<Omit<DroppableKind, 'drop' | 'dropBodies'>> = {},
): DroppableKind {
  return {
    ...{ keeps: 'objects' as KeptOfKind, memory: { bodies: 10, rows: 5 } },
    ...{ isCritical: false, isFollowed: false, areObjectsFollowed: false },
    ...{ lastUsed: 0, objectsLastRead: 0, ...more },
    dropBodies: () => dropped.push(`bodies of ${name}`),
    drop: () => dropped.push(name),
  };
}

/** What goes on each rung, in order. */
function order(...kinds: DroppableKind[]): string[][] {
  return rungsOf(kinds).map(steps => {
    dropped.length = 0;
    for (const { drop } of steps) drop();
    return [...dropped];
  });
}

describe('rungsOf', () => {
  it('drops bodies before kinds, followed ones after others, critical ones last', () => {
    const steps = order(
      kind('nodes', { isCritical: true }),
      kind('pods', { isFollowed: true, lastUsed: 1 }),
      kind('secrets', { lastUsed: 9, objectsLastRead: 1 }),
      kind('services', { lastUsed: 2, objectsLastRead: 8 }),
    );
    expect(steps).toEqual([
      [
        'bodies of nodes',
        'bodies of pods',
        'bodies of secrets',
        'bodies of services',
      ],
      ['services', 'secrets'],
      ['pods'],
      ['nodes'],
    ]);
  });

  it('leaves objects to those who follow them, and of those who do not fit the largest goes', () => {
    const followed = { isFollowed: true, areObjectsFollowed: true };
    const steps = order(
      kind('small', { ...followed }),
      kind('large', { ...followed, memory: { bodies: 1000, rows: 1 } }),
    );
    expect(steps).toEqual([[], [], ['large', 'small'], []]);
  });

  it('has nothing to drop of what is not kept, and of rows no bodies', () => {
    const steps = order(
      kind('gone', { keeps: 'nothing', memory: { bodies: 0, rows: 0 } }),
      kind('empty', { memory: { bodies: 0, rows: 0 } }),
      kind('rows', { keeps: 'rows' }),
    );
    expect(steps).toEqual([[], ['rows'], [], []]);
  });

  it('knows what nobody has read since', () => {
    const rungs = rungsOf([
      kind('old', { lastUsed: 1, objectsLastRead: 1 }),
      kind('followed', { isFollowed: true, objectsLastRead: 9 }),
      kind('new', { lastUsed: 9, objectsLastRead: 1 }),
    ]);
    expect(idleBytes(rungs, 5)).toBe(10 + 5 + 10);
  });
});
