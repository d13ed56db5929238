import { parseArgs } from 'node:util';
import { Problem } from '../Problem.ts';
import { argumentProblem } from '../argumentProblem.ts';
import { installPackages } from '../installPackages.ts';
import { step } from '../progress.ts';
import { runningPortal } from '../runningPortal.ts';
import { buildPrograms, checkGo } from '../clusters/buildPrograms.ts';
import { PROCESS_NAMES } from '../clusters/ClusterProcesses.ts';
import type { ProcessName } from '../clusters/ClusterProcesses.ts';
import { CLUSTERS } from '../clusters/clusterTable.ts';
import {
  DevelopmentCluster,
  KUBECONFIG_ROLES,
} from '../clusters/DevelopmentCluster.ts';
import type { Command } from './Command.ts';

interface ActionOptions {
  process?: ProcessName;
  role?: string;
}

interface Action {
  /** What may follow the name of the cluster; absent: nothing. */
  takes?: keyof ActionOptions;
  run(cluster: DevelopmentCluster, options: ActionOptions): Promise<void>;
}

const ACTIONS: Record<string, Action> = {
  up: {
    async run(cluster) {
      checkGo();
      await installPackages();
      await buildPrograms();
      // Ends with what it is part of: a running portal, or a run of tests.
      const owner =
        Number(process.env.PORTAL_CLUSTER_OWNER) || runningPortal()?.pid;
      await step(`Start the cluster ${cluster.name}`, () =>
        cluster.up({ owner }),
      );
    },
  },
  down: {
    async run(cluster) {
      await step(`Stop the cluster ${cluster.name}`, () => cluster.down());
    },
  },
  kubeconfig: {
    takes: 'role',
    async run(cluster, { role }) {
      const known = KUBECONFIG_ROLES.find(one => one === role);
      if (role && !known) {
        throw new Problem(`Say whose access: ${KUBECONFIG_ROLES.join(', ')}.`);
      }
      process.stdout.write(await cluster.kubeconfig(known));
    },
  },
  pause: {
    takes: 'process',
    async run(cluster, options) {
      cluster.checkRuns(options.process);
      await cluster.pause(options.process);
    },
  },
  resume: {
    takes: 'process',
    async run(cluster, options) {
      cluster.checkRuns(options.process);
      cluster.resume(options.process);
    },
  },
  kill: {
    async run(cluster) {
      await cluster.kill();
    },
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
    const [actionName, ...names] = positionals;
    if (actionName === 'list') {
      refuse(names[0] ?? values.role, 'list');
      list();
      return 0;
    }
    const action = Object.hasOwn(ACTIONS, actionName ?? '')
      ? ACTIONS[actionName]
      : undefined;
    if (!action) {
      const known = ['list', ...Object.keys(ACTIONS)].join(', ');
      throw new Problem(`Say what to do with clusters: ${known}.`);
    }
    const [clusterName, processName, ...rest] = names;
    const development = DevelopmentCluster.named(clusterName);
    const { takes } = action;
    if (takes !== 'process') refuse(processName, actionName);
    if (takes !== 'role') refuse(values.role && '--role', actionName);
    refuse(rest[0], actionName);
    await action.run(development, {
      process: processNamed(processName),
      role: values.role,
    });
    return 0;
  },
};

/** @throws Problem when there is what the action takes nothing of */
function refuse(argument: string | undefined, action: string): void {
  if (argument === undefined) return;
  throw new Problem(
    `cluster ${action} does not take ${argument}: see ./portal help.`,
  );
}

function processNamed(name: string | undefined): ProcessName | undefined {
  const found = PROCESS_NAMES.find(known => known === name);
  if (name === undefined || found) return found;
  throw new Problem(`A process is ${PROCESS_NAMES.join(', ')}.`);
}

function parseArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { role: { type: 'string' } },
    });
  } catch (error) {
    throw argumentProblem(error);
  }
}

export default cluster;
