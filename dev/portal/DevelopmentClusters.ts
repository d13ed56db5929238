import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  buildPrograms,
  checkGo,
  programsAreBuilt,
} from './clusters/buildPrograms.ts';
import { CLUSTERS } from './clusters/clusterTable.ts';
import { deploySamples } from './clusters/deploySamples.ts';
import { DevelopmentCluster } from './clusters/DevelopmentCluster.ts';
import { registerDevelopmentCluster } from './clusters/registerDevelopmentCluster.ts';
import { HOME } from './paths.ts';
import { step } from './progress.ts';

/** How far a development cluster is, as the portal shows it while it is being made. */
export interface DevelopmentClusterProgress {
  name: string;
  state: 'building' | 'starting' | 'registering' | 'ready' | 'failed';
  /** Since when it is in this state, RFC 3339. */
  since: string;
  /** One sentence; why, when it has failed. */
  message: string;
}

const MESSAGES: Record<DevelopmentClusterProgress['state'], string> = {
  building: 'Kubernetes is being built; the first time takes minutes.',
  starting: 'The processes are starting.',
  registering: 'The cluster is being registered.',
  ready: 'The cluster is registered.',
  failed: 'The cluster could not be started.',
};

/** The development clusters of a running portal. */
export class DevelopmentClusters {
  readonly #clusters = CLUSTERS.map(row => new DevelopmentCluster(row));
  readonly #progress = new Map<string, DevelopmentClusterProgress>();

  /** File that always holds a `DevelopmentClusterProgress[]`. */
  readonly stateFile = join(HOME, 'run', 'demo-clusters.json');

  constructor() {
    for (const { name } of this.#clusters) this.#enter(name, 'building');
  }

  /** @throws Problem when they have to be built and cannot be */
  checkRequirements(): void {
    checkGo();
  }

  /**
   * Starts the clusters, registers each with the portal as soon as both are ready, and deploys the sample services on it. What has to
   * be built is built when the portal is served, since both would take all of the machine. A cluster that fails does not hold up the
   * other.
   *
   * @param served - the portal's URL, once it answers
   * @throws Problem of the first that failed, when all are through
   */
  async start(served: Promise<string>): Promise<void> {
    try {
      if (!programsAreBuilt()) await served;
      await buildPrograms();
    } catch (error) {
      for (const { name } of this.#clusters) this.#enter(name, 'failed', error);
      throw error;
    }
    const results = await Promise.allSettled(
      this.#clusters.map(cluster => this.#startOne(cluster, served)),
    );
    const failed = results.find(result => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Ends those that run on behalf of this process, also when they were brought back while it ran. */
  async stop(): Promise<void> {
    await Promise.all(
      this.#clusters
        .filter(cluster => cluster.processes.owner() === process.pid)
        .map(cluster => cluster.down()),
    );
  }

  async #startOne(
    cluster: DevelopmentCluster,
    served: Promise<string>,
  ): Promise<void> {
    const { name } = cluster;
    try {
      this.#enter(name, 'starting');
      await step(`Start the cluster ${name}`, () =>
        cluster.up({ owner: process.pid, controllersMayFollow: true }),
      );
      await deploySamples(cluster);
      const url = await served;
      this.#enter(name, 'registering');
      await step(`Register the cluster ${name}`, () =>
        registerDevelopmentCluster(url, cluster),
      );
      this.#enter(name, 'ready');
    } catch (error) {
      this.#enter(name, 'failed', error);
      throw error;
    }
  }

  #enter(
    name: string,
    state: DevelopmentClusterProgress['state'],
    error?: unknown,
  ): void {
    this.#progress.set(name, {
      ...{ name, state },
      since: new Date().toISOString(),
      message:
        error instanceof Error ? error.message.split('\n')[0] : MESSAGES[state],
    });
    mkdirSync(dirname(this.stateFile), { recursive: true });
    // Renamed, so that whoever reads it never sees half of it.
    const fresh = `${this.stateFile}.new`;
    writeFileSync(fresh, JSON.stringify([...this.#progress.values()], null, 2));
    renameSync(fresh, this.stateFile);
  }
}
