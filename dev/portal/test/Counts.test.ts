import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closingLine, sum } from './Counts.ts';

test('the closing line counts over all runners', () => {
  const all = [
    { passed: 3, failed: 0, skipped: 1 },
    { passed: 0, failed: 2, skipped: 0 },
  ];
  assert.equal(closingLine(sum(all)), '3 passed, 2 failed, 1 skipped');
});

test('no runner at all is nothing', () => {
  assert.equal(closingLine(sum([])), '0 passed, 0 failed, 0 skipped');
});
