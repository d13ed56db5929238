import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { choosePorts, takenPorts } from './choosePorts.ts';

test('ports are the same each time, others for another folder, and never one that is taken', async () => {
  const folder = '/some/where/clusters/dev-eu';
  const ports = await choosePorts(folder);
  assert.equal(new Set(Object.values(ports)).size, 6);
  assert.deepEqual(await choosePorts(folder), ports);
  const others = await choosePorts('/some/where/clusters/dev-us');
  const all = [...Object.values(ports), ...Object.values(others)];
  assert.equal(new Set(all).size, 12);

  const server = createServer().listen(ports.scheduler, '127.0.0.1');
  await once(server, 'listening');
  assert.deepEqual(await takenPorts(ports), [ports.scheduler]);
  const elsewhere = await choosePorts(folder);
  assert.ok(!Object.values(elsewhere).includes(ports.scheduler));
  server.close();
});
