import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { endedBadly } from './endedBadly.ts';

const folder = mkdtempSync(join(tmpdir(), 'portal-log-'));
const log = join(folder, 'log');

function said(text: string): string {
  writeFileSync(log, text);
  return endedBadly('The back end ended', log).message;
}

test('a full disk is said in one sentence, however a program calls it', () => {
  for (const line of [
    'SqliteError: create table `x` - database or disk is full',
    'Error: ENOSPC: no space left on device, write',
    'panic: write /x: no space left on device',
  ]) {
    assert.equal(
      said(`starting\n${line}\n    at x`),
      'The disk is full: free some space and try again.',
    );
  }
});

test('anything else is shown, and nothing of earlier runs', () => {
  const earlier = 'Error: ENOSPC\n';
  assert.match(
    said(`${earlier}${'started\n'.repeat(50)}Error: other`),
    /^The back end ended:\n(?:.*\n)*.*Error: other\n.*whole log/,
  );
  assert.equal(
    endedBadly('It ended', join(folder, 'none')).message,
    'It ended:\n',
  );
});
