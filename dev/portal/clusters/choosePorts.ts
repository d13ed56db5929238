import { createHash } from 'node:crypto';
import { isFree } from '../freePort.ts';
import { Problem } from '../Problem.ts';

/** Ports of one cluster, all on 127.0.0.1. */
export interface ClusterPorts {
  apiServer: number;
  etcd: number;
  etcdPeer: number;
  controllerManager: number;
  scheduler: number;
  kubelet: number;
}

/** Below the ports that systems hand out by themselves (32768 on Linux). */
const FIRST_PORT = 20_000;
const SLOTS = 1_000;
const SLOT_SIZE = 10;
const ATTEMPTS = 50;

/**
 * Chooses ports that are free now and that clusters in other folders do not choose either, whether those run or not: the search
 * begins at a place that the folder's path gives.
 */
export async function choosePorts(folder: string): Promise<ClusterPorts> {
  const start =
    createHash('sha256').update(folder).digest().readUInt32BE() % SLOTS;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const base = FIRST_PORT + ((start + attempt) % SLOTS) * SLOT_SIZE;
    const ports = {
      apiServer: base,
      etcd: base + 1,
      etcdPeer: base + 2,
      controllerManager: base + 3,
      scheduler: base + 4,
      kubelet: base + 5,
    };
    if ((await takenPorts(ports)).length === 0) return ports;
  }
  throw new Problem(
    `No free ports were found for a cluster between ${FIRST_PORT} and ${
      FIRST_PORT + SLOTS * SLOT_SIZE
    }.`,
  );
}

/** Those of a cluster's ports that something listens on. */
export async function takenPorts(ports: ClusterPorts): Promise<number[]> {
  const all: number[] = Object.values(ports);
  const free = await Promise.all(all.map(port => isFree(port)));
  return all.filter((_, index) => !free[index]);
}
