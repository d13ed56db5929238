import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { BodyStore } from './BodyStore';
import type { Body } from './BodyStore';

const object = (name: string): KubernetesObject => ({
  metadata: { name, uid: `uid-${name}`, resourceVersion: '1' },
  data: { text: `ümlaut ${name} `.repeat(100) },
});

function filled(count: number) {
  const store = new BodyStore({ parsedObjects: 4 });
  const bodies = Array.from({ length: count }, (_, index) =>
    store.add(object(`object-${index}`)),
  );
  return { store, bodies };
}

const nameOf = (store: BodyStore, body: Body) => store.read(body).metadata.name;

describe('BodyStore', () => {
  it('gives every object back, packed or not', () => {
    const { store, bodies } = filled(200);
    expect(store.packedBytes).toBeGreaterThan(0);
    expect(bodies.filter(body => body.block).length).toBeGreaterThan(100);
    bodies.forEach((body, index) => {
      expect(store.read(body)).toEqual(object(`object-${index}`));
    });
  });

  it('takes much less than the text', () => {
    const { store, bodies } = filled(200);
    const text = bodies
      .filter(body => body.block)
      .reduce((sum, body) => sum + body.end - body.start, 0);
    expect(store.packedBytes).toBeLessThan(text / 5);
  });

  it('packs a block again when most of it is gone, and forgets one that is empty', () => {
    const { store, bodies } = filled(36);
    const [first] = bodies;
    const block = first.block;
    expect(block).toBeDefined();
    const packed = bodies.filter(body => body.block === block);
    for (const body of packed.slice(0, 17)) store.remove(body);
    const left = packed.slice(17);
    expect(left.some(body => body.block === block)).toBe(false);
    expect(left.map(body => nameOf(store, body))).toEqual(
      left.map((_, index) => `object-${index + 17}`),
    );
    for (const body of bodies) store.remove(body);
    expect(store.packedBytes).toBe(0);
  });

  it('packs what is left of several blocks together', () => {
    const { store, bodies } = filled(200);
    const packed = bodies.filter(body => body.block);
    const names = packed.map(body => nameOf(store, body));
    packed.forEach((body, index) => {
      if (index % 32 < 17) store.remove(body);
    });
    const left = packed.filter(({ isGone }) => !isGone);
    expect(left.filter(body => body.block).length).toBeGreaterThan(50);
    expect(left.every(({ isKept }) => isKept)).toBe(true);
    expect(packed.map(body => nameOf(store, body))).toEqual(names);
    store.clear();
    expect(left.some(({ isKept }) => isKept)).toBe(false);
    expect(store.packedBytes).toBe(0);
  });

  it('packs everything when nothing has happened for a while, and all can still be read', () => {
    const store = new BodyStore();
    const bodies = Array.from({ length: 90 }, (_, index) =>
      store.add(object(`object-${index}`)),
    );
    const parsed = () => bodies.filter(body => body.object).length;
    store.rest();
    expect(parsed()).toBe(90);
    jest.useFakeTimers({ now: Date.now() + 61_000 });
    try {
      const before = store.bytes;
      store.rest();
      expect(parsed()).toBe(0);
      expect(store.bytes).toBeLessThan(before / 2);
      const resting = store.bytes;
      expect(nameOf(store, bodies[40])).toBe('object-40');
      expect(store.bytes).toBeGreaterThan(resting);
      store.rest();
      expect(store.bytes).toBeGreaterThan(resting);
      jest.setSystemTime(Date.now() + 61_000);
      store.rest();
      expect(store.bytes).toBe(resting);
    } finally {
      jest.useRealTimers();
    }
    bodies.forEach((body, index) =>
      expect(nameOf(store, body)).toBe(`object-${index}`),
    );
  });

  it('packs everything of a list, and the few that come later together with the last of it', () => {
    const store = new BodyStore();
    const add = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) =>
        store.add(object(`object-${from + index}`)),
      );
    const bodies = add(0, 40);
    store.settle();
    const blocks = () => new Set(bodies.map(({ block }) => block));
    expect(blocks().size).toBe(2);
    expect(blocks().has(undefined)).toBe(false);
    for (let from = 40; from < 60; from += 5) {
      bodies.push(...add(from, 5));
      store.settle();
      expect(blocks().size).toBe(2);
    }
    bodies.push(...add(60, 10));
    store.settle();
    expect(blocks().size).toBe(3);
    const settled = store.bytes;
    store.settle();
    expect(store.bytes).toBe(settled);
    bodies.forEach((body, index) => {
      expect(body.object).toBeUndefined();
      expect(nameOf(store, body)).toBe(`object-${index}`);
    });
    for (const body of bodies) store.remove(body);
    store.settle();
    expect(store.packedBytes).toBe(0);
  });

  it('puts few large objects into a block, and takes several steps for many', () => {
    const store = new BodyStore();
    const text = Array.from({ length: 30_000 }, (_, index) => index).join();
    const bodies = Array.from({ length: 60 }, (_, index) =>
      store.add({ metadata: { name: `object-${index}` }, data: { text } }),
    );
    const parsed = () => bodies.filter(body => body.object).length;
    store.settle();
    expect(parsed()).toBeGreaterThan(0);
    expect(parsed()).toBeLessThan(60);
    store.settle();
    store.settle();
    expect(parsed()).toBe(0);
    const sizes = new Map<unknown, number>();
    for (const { block } of bodies) {
      sizes.set(block, (sizes.get(block) ?? 0) + 1);
    }
    expect(Math.max(...sizes.values())).toBeLessThan(10);
    bodies.forEach((body, index) =>
      expect(nameOf(store, body)).toBe(`object-${index}`),
    );
  });

  it('can read a removed object as long as somebody holds its body', () => {
    const { store, bodies } = filled(200);
    for (const body of bodies) {
      store.remove(body);
      store.remove(body);
    }
    expect(nameOf(store, bodies[3])).toBe('object-3');
    expect(nameOf(store, bodies[199])).toBe('object-199');
  });
});
