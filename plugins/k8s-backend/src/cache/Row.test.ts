import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { configMap } from './__testUtils__/objects';
import { Body } from './BodyStore';
import { createRow, TextPool } from './Row';
import type { Row } from './Row';
import { RowStore } from './RowStore';

const build = ({ data }: KubernetesObject) => {
  const { images = '', word } = (data ?? {}) as Record<string, string>;
  return {
    health: { state: 'healthy' as const, ...(word && { word }) },
    cells: [images.split(','), 'x', null],
    search: images,
  };
};
const pool = new TextPool();
const rowOf = (object: KubernetesObject, like?: Row) =>
  createRow(object, { build, pool, body: new Body(), like });

const pod = (name: string, more: Parameters<typeof configMap>[2] = {}) =>
  configMap(name, 1, {
    ...{ labels: { app: 'a', tier: 'b' }, ownerUid: 'o1' },
    ...{ data: { images: 'one,two' }, ...more },
  });

describe('createRow', () => {
  it('keeps once what is the same as in another row', () => {
    const first = rowOf(pod('a'));
    const { metadata, content, parents } = rowOf(pod('b'), first);
    expect(metadata.labels).toBe(first.metadata.labels);
    expect(metadata.ownerReferences).toBe(first.metadata.ownerReferences);
    expect(parents).toBe(first.parents);
    expect(content.cells[0]).toBe(first.content.cells[0]);
    expect(content.health).toBe(first.content.health);
  });

  it.each<[string, KubernetesObject]>([
    ['a label', pod('b', { labels: { app: 'a', tier: 'c' } })],
    ['another label', pod('b', { labels: { app: 'a', more: 'b' } })],
    ['more labels', pod('b', { labels: { app: 'a', tier: 'b', x: 'y' } })],
    ['fewer labels', pod('b', { labels: { app: 'a' } })],
    ['no labels', pod('b', { labels: undefined })],
    ['the owner', pod('b', { ownerUid: 'o2' })],
    ['no owner', pod('b', { ownerUid: undefined })],
    ['the images', pod('b', { data: { images: 'one,three' } })],
    ['fewer images', pod('b', { data: { images: 'one' } })],
    ['the health', pod('b', { data: { images: 'one,two', word: 'Bad' } })],
  ])('is as without another row, when it differs in %s', (_, object) => {
    const like = rowOf(pod('a'));
    expect(rowOf(object, like)).toEqual(rowOf(object));
    expect(rowOf(pod('a'), rowOf(object))).toEqual(rowOf(pod('a')));
  });

  it('is compared with the version before, and with a row of the same owner', () => {
    const store = new RowStore({ build });
    store.put(pod('a'));
    store.put(pod('b'));
    const [first, second] = store.select({});
    expect(second.metadata.labels).toBe(first.metadata.labels);
    store.put({ ...pod('a'), metadata: { ...pod('a').metadata, uid: 'new' } });
    expect(store.get('default', 'a')?.metadata.labels).toBe(
      first.metadata.labels,
    );
  });
});
