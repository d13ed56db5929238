import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpClient } from '../measure/HttpClient.ts';
import type { ApiServer } from './ApiServer.ts';
import { deployment, namespace, node, pods, replicaSet } from './objects.ts';
import type { MadeObject, Workload } from './objects.ts';

/** What an API server holds. */
export interface Contents {
  /** Raised when what is made changes, so that what was kept is made anew. */
  revision: number;
  nodes: number;
  workloads: Workload[];
  /** Deployments without ReplicaSets and pods. */
  bare: Workload[];
}

/** Requests at once. */
const WRITERS = 24;
const CONFLICT = 409;

/**
 * Starts an API server that holds what is asked for, and fills it through its API when it does not yet. Pods run and deployments
 * are complete because their status says so; no kubelet and no controller would say anything else.
 */
export async function startFilled(
  server: ApiServer,
  contents: Contents,
): Promise<void> {
  const wanted = JSON.stringify(contents);
  const says = (marker: string) =>
    existsSync(marker) && readFileSync(marker, 'utf8') === wanted;
  const begun = join(server.folder, 'contents-begun.json');
  const done = join(server.folder, 'contents.json');
  const isFilled = says(done);
  // What an interrupted run has written is gone on with.
  if (!isFilled && !says(begun)) server.clear();
  await server.start();
  if (isFilled) return;
  writeFileSync(begun, wanted);
  const client = server.client('raw', { connections: WRITERS });
  try {
    await write(client, contents);
  } finally {
    client.close();
  }
  // It remembers each of these changes, at XL in ten gigabytes; runs on what was kept begin without that.
  await server.restart();
  writeFileSync(done, wanted);
}

async function write(client: HttpClient, contents: Contents) {
  const { nodes, workloads, bare } = contents;
  const names = new Set(
    [...workloads, ...bare].map(workload => workload.namespace),
  );
  await inParallel([...names], async name => {
    await put(client, namespace(name));
  });
  await inParallel([...Array(nodes).keys()], async index => {
    await put(client, node(index));
  });
  const written = await completeDeployments(client);
  const left = bare.filter(one => !written.has(`${one.namespace}/${one.name}`));
  await inParallel(left, async workload => {
    await put(client, deployment(workload));
  });
  await inParallel(workloads, async workload => {
    const owner = await put(client, deployment(workload));
    const set = await put(client, replicaSet(workload, owner));
    for (const pod of pods(workload, { owner: set, nodes })) {
      await put(client, pod);
    }
  });
}

/** Creates an object and sets its status. @returns its uid */
async function put(client: HttpClient, object: MadeObject): Promise<string> {
  const { path, name, body, status } = object;
  const created = await client.ask(`POST ${path}?fieldManager=helm`, { body });
  if (created.status >= 400 && created.status !== CONFLICT) {
    throw new Error(`${path}/${name}: ${created.body.toString('utf8')}`);
  }
  const at = `${path}/${name}`;
  const made =
    created.status === CONFLICT
      ? await client.json<Made>(`GET ${at}`)
      : (JSON.parse(created.body.toString('utf8')) as Made);
  if (status) {
    await client.call(`PATCH ${at}/status?fieldManager=kubelet`, {
      body: { status },
      contentType: 'application/merge-patch+json',
    });
  }
  return made.metadata.uid;
}

interface Made {
  metadata: { uid: string };
}

/** Those that have their status already, by namespace and name. */
async function completeDeployments(client: HttpClient): Promise<Set<string>> {
  const { items } = await client.json<{
    items: {
      metadata: { namespace: string; name: string };
      status?: { readyReplicas?: number };
    }[];
  }>('GET /apis/apps/v1/deployments');
  return new Set(
    items
      .filter(({ status }) => status?.readyReplicas !== undefined)
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  );
}

async function inParallel<T>(items: T[], work: (item: T) => Promise<void>) {
  const left = items.values();
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      // The iterator is shared: each worker takes the next.
      for (const item of left) await work(item);
    }),
  );
}
