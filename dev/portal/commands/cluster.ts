import { parseArgs } from 'node:util';
import { Problem } from '../Problem.ts';
import { installPackages } from '../installPackages.ts';
import { step } from '../progress.ts';
import { runningPortal } from '../runningPortal.ts';
import { buildPrograms } from '../clusters/buildPrograms.ts';
import { PROCESS_NAMES } from '../clusters/ClusterProcesses.ts';
import type { ProcessName } from '../clusters/ClusterProcesses.ts';
import { CLUSTERS } from '../clusters/clusterTable.ts';
import {
  DevelopmentCluster,
  KUBECONFIG_ROLES,
} from '../clusters/DevelopmentCluster.ts';
import type { Command } from './Command.ts';

type Action = (
  cluster: DevelopmentCluster,
  options: { process?: ProcessName; role?: string },
) => Promise<void>;

const ACTIONS: Record<string, Action> = {
  async up(cluster) {
    await installPackages();
    await buildPrograms();
    // Ends with what it is part of: a running portal, or a run of tests.
    const owner =
      Number(process.env.PORTAL_CLUSTER_OWNER) || runningPortal()?.pid;
    await step(`Start the cluster ${cluster.name}`, () =>
      cluster.up({ owner }),
    );
  },
  async down(cluster) {
    await step(`Stop the cluster ${cluster.name}`, () => cluster.down());
  },
  async kubeconfig(cluster, { role }) {
    const known = KUBECONFIG_ROLES.find(one => one === role);
    if (role && !known) {
      throw new Problem(`Say whose access: ${KUBECONFIG_ROLES.join(', ')}.`);
    }
    process.stdout.write(await cluster.kubeconfig(known));
  },
  async pause(cluster, options) {
    await cluster.pause(options.process);
  },
  async resume(cluster, options) {
    cluster.resume(options.process);
  },
  async kill(cluster) {
    await cluster.kill();
  },
};

function list(): void {
  for (const row of CLUSTERS) {
    const cluster = new DevelopmentCluster(row);
    const state = cluster.state();
    const columns = [
      row.name,
      state,
      state === 'absent' ? '' : cluster.server,
      ...cluster.processes
        .running()
        .map(({ name, isStopped }) => (isStopped ? `${name} (paused)` : name)),
    ];
    console.log(columns.join('  ').trimEnd());
  }
}

const cluster: Command = {
  usage: [
    'cluster list                            the development clusters and what they are doing',
    'cluster up|down NAME                    start one (with its data), or end it',
    `cluster kubeconfig NAME [--role ROLE]   print one that can be registered; ROLE is ${KUBECONFIG_ROLES.join(
      '|',
    )}`,
    'cluster pause|resume NAME [PROCESS]     freeze its processes, or one, and go on',
    'cluster kill NAME                       end all its processes at once; up brings it back',
  ],
  async run(args) {
    const { positionals, values } = parseArguments(args);
    const [actionName, clusterName, processName, ...rest] = positionals;
    if (actionName === 'list') {
      list();
      return 0;
    }
    const action = ACTIONS[actionName];
    if (!action) {
      const names = ['list', ...Object.keys(ACTIONS)].join(', ');
      throw new Problem(`Say what to do with clusters: ${names}.`);
    }
    const selected = PROCESS_NAMES.find(name => name === processName);
    if ((processName && !selected) || rest.length > 0) {
      throw new Problem(`A process is ${PROCESS_NAMES.join(', ')}.`);
    }
    await action(DevelopmentCluster.named(clusterName), {
      process: selected,
      role: values.role,
    });
    return 0;
  },
};

function parseArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { role: { type: 'string' } },
    });
  } catch (error) {
    throw new Problem((error as Error).message);
  }
}

export default cluster;
