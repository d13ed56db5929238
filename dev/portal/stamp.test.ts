import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CLONE, ROOT } from './paths.ts';
import { hashOf, isDone, unlessDone } from './stamp.ts';

const folder = `dev/portal/stamp-test-${process.pid}`;
const name = `stamp-test-${process.pid}`;

before(() => mkdirSync(join(ROOT, folder)));
after(() => {
  rmSync(join(ROOT, folder), { recursive: true });
  rmSync(join(CLONE, 'stamps', name), { force: true });
});

test('the hash is that of names and contents, tracked or not', () => {
  const write = (file: string, text: string) =>
    writeFileSync(join(ROOT, folder, file), text);
  const empty = hashOf([folder]);
  write('a.txt', 'one');
  const one = hashOf([folder]);
  write('a.txt', 'two');
  const two = hashOf([folder]);
  write('ignored.log', 'three');
  assert.equal(hashOf([folder]), two);
  assert.equal(new Set([empty, one, two]).size, 3);
  write('a.txt', 'one');
  assert.equal(hashOf([folder]), one);
});

test('a step runs again for other inputs, when its result is gone, and when it has failed', async () => {
  const makes = join(ROOT, folder, 'result');
  let runs = 0;
  const work = async () => {
    runs += 1;
    writeFileSync(makes, '');
  };
  await unlessDone(name, { hash: '1', makes }, work);
  await unlessDone(name, { hash: '1', makes }, work);
  assert.equal(runs, 1);
  await unlessDone(name, { hash: '2', makes }, work);
  assert.equal(runs, 2);
  rmSync(makes);
  await unlessDone(name, { hash: '2', makes }, work);
  assert.equal(runs, 3);
  await assert.rejects(
    unlessDone(name, { hash: '3', makes }, async () => {
      throw new Error('broken');
    }),
  );
  assert.equal(isDone(name, { hash: '3', makes }), false);
});
