import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../dev/portal/paths.ts';
import type { Failure, Figure } from '../Figure.ts';
import { SIZES } from '../sizes.ts';
import { plots } from './plots.ts';
import { number, outcome } from './printFigures.ts';
import { REMARKS } from './remarks.ts';

/** A run, as it is kept beside the report. */
export interface Run {
  size: string;
  /** RFC 3339. */
  at: string;
  minutes: number;
  /** Commit that was measured. */
  commit: string;
  machine: {
    cpu: string;
    cores: number;
    memoryGiB: number;
    node: string;
    kernel: string;
    /** Load of a minute when the run began: above zero, others were at work too. */
    loadBefore: number;
  };
  figures: Figure[];
  failed: Failure[];
  /** Beginnings of the only rows that were measured; absent: all. */
  only?: string[];
  /** Parts that were measured again later, each within one run of its own. */
  again?: Again[];
}

/** What was measured again. */
interface Again extends Pick<Run, 'at' | 'commit' | 'minutes'> {
  /** Ids of figures. */
  ids: string[];
  loadBefore: number;
}

const DOCS = join(ROOT, 'docs');
/** Every run that the report is made of, one a size. */
const RUNS = join(DOCS, 'benchmarks');
const MINUTE_MS = 60_000;
const GIB = 1024 ** 3;

/** The load of the machine; asked before a run begins. */
export const loadNow = () => loadavg()[0];

/** Keeps a run, and writes docs/benchmarks.md and its pictures anew from the last run of each size. */
export function writeReport(options: {
  size: string;
  figures: Figure[];
  failed: Failure[];
  /** Milliseconds since 1970. */
  startedAt: number;
  loadBefore: number;
  /** Only these were measured: they take the place of those in the kept run. */
  only?: string[];
}): void {
  const { size, figures, failed, startedAt, loadBefore, only } = options;
  const when = {
    at: new Date(startedAt).toISOString(),
    minutes: Math.ceil((Date.now() - startedAt) / MINUTE_MS),
    commit: commit(),
  };
  const kept = only && readRuns().find(run => run.size === size);
  if (kept) {
    keep(withPart(kept, { ...when, figures, failed, loadBefore, only }));
    return;
  }
  const [{ model }] = cpus();
  keep({
    ...{ size, ...when },
    machine: {
      cpu: model.trim(),
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / GIB),
      node: process.version,
      kernel: release(),
      loadBefore,
    },
    ...{ figures, failed, only },
  });
}

function keep(run: Run) {
  mkdirSync(RUNS, { recursive: true });
  writeFileSync(
    join(RUNS, `${run.size}.json`),
    `${JSON.stringify(run, null, 2)}\n`,
  );
  renderReport();
}

/** A run with rows that were measured again. */
function withPart(
  run: Run,
  part: Pick<Run, 'at' | 'commit' | 'minutes' | 'figures' | 'failed'> & {
    loadBefore: number;
    only: string[];
  },
): Run {
  const { figures: measured, failed, only, ...when } = part;
  const keyOf = ({ id, subject }: Figure) => `${id} ${subject}`;
  const news = new Map(measured.map(one => [keyOf(one), one]));
  const figures = run.figures.map(one => news.get(keyOf(one)) ?? one);
  const known = new Set(figures.map(keyOf));
  const ids = [...new Set(measured.map(({ id }) => id))];
  // What failed is told by the beginning that its figures have in common.
  const isNotMeasured = ({ id: row }: Failure) =>
    !failed.some(({ id }) => id === row) &&
    !ids.some(id => id === row || id.startsWith(`${row}.`));
  return {
    ...run,
    ...(run.only && { only: [...new Set([...run.only, ...only])] }),
    figures: [...figures, ...measured.filter(one => !known.has(keyOf(one)))],
    failed: [...run.failed.filter(isNotMeasured), ...failed],
    again: [...(run.again ?? []), { ids, ...when }],
  };
}

/** Writes docs/benchmarks.md and its pictures anew from the kept runs. */
export function renderReport(): void {
  const file = join(DOCS, 'benchmarks.md');
  writeFileSync(file, report(readRuns()));
  const prettier = join(ROOT, 'node_modules/prettier/bin-prettier.js');
  execFileSync(process.execPath, [prettier, '--write', file, RUNS]);
}

/** What is measured: the commit, and whether something of it was changed since. The report itself does not count. */
function commit(): string {
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', ':!docs');
  const name = git('rev-parse', '--short', 'HEAD');
  return changed === '' ? name : `${name} with changes`;
}

/** The kept runs. */
function readRuns(): Run[] {
  if (!existsSync(RUNS)) return [];
  return readdirSync(RUNS).map(
    file => JSON.parse(readFileSync(join(RUNS, file), 'utf8')) as Run,
  );
}

const INTRODUCTION = `# Benchmarks

Written by \`./portal bench\`; do not edit. The runs themselves are in \`docs/benchmarks\`, and what is said of missed goals in
\`bench/report/remarks.ts\`.

## What is measured

One back end process, with PostgreSQL behind it, holds both subjects: **ours**, and **Backstage's own kubernetes plugin** (\`plugin\`). The **raw** API server is
what both read: a real kube-apiserver with its etcd, without controllers, so what is written stays. Pods have the size of real ones,
7 KB and 11 KB with managed fields. Many clusters are one API server, registered once through each of so many TCP proxies, so that
each can be broken alone. The **floor** is the cheapest request with credentials through the same back end: \`GET /api/bench/empty\`
of a plugin of the benchmark's own, which checks the token and answers \`{}\`.

Goals are ratios within one run; absolute figures are of that machine and that hour. Subjects are measured in turn, A B A B, and the
figures are medians. CPU is CPU-seconds of the back end's process, all its threads. Each answer is compared with the raw lists: a run
with a wrong answer fails. Requests to API servers are counted from the API server's own audit log.

What is not as one might think:

- The plugin does not ask for metrics, which saves it two requests per cluster and poll.
- What a user costs is what the back end uses with pages open, less what it uses without any, while 20 pods a second change in each
  cluster. The plugin's users are as many as it can serve; their cost is told per poll.
- From a change to the browser, the time that our streams collect changes is taken off; \`W7.felt\` is with it.
- From M on only the first cluster grows: the one of deployments and the fleet are those of M.
- W6 counts lists, not all requests: a watch is opened again when its time has ended, whoever looks. Fewer users than the most have
  their pages open for a shorter time than the most have.
- The logs of W10 are a file of them, from the first byte to the last.
- After a restart an API server knows no history and answers each watch with 410, which is the storm of W9.
`;

function report(runs: Run[]): string {
  const sections = Object.entries(SIZES).map(([name, { sharesPortal }]) => {
    const run = runs.find(({ size }) => size === name);
    // The smallest is for correctness only.
    if (!run) return sharesPortal ? '' : `## ${name}: not run\n`;
    return section(run);
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function section(run: Run): string {
  const { size, figures, failed, only, machine } = run;
  const goals = figures.filter(({ goal }) => goal !== null);
  const met = goals.filter(figure => figure.met).length;
  const pictures = plots(size, figures).map(({ name, title, svg }) => {
    const file = `bench-${size}-${name}.svg`;
    mkdirSync(join(DOCS, 'images'), { recursive: true });
    writeFileSync(join(DOCS, 'images', file), svg);
    return `![${title}](images/${file})\n`;
  });
  return [
    `## ${size}: ${met} of ${goals.length} goals met\n`,
    `${describe(run)}\n`,
    `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, Linux ${
      machine.kernel
    }, Node ${machine.node}; load before the run ${number(machine.loadBefore)}${
      machine.loadBefore > 0.5
        ? ': others were at work on the machine, so the figures are noisy'
        : ''
    }. Commit ${run.commit}, ${run.at}, ${run.minutes} minutes.\n`,
    ...(run.again ?? [])
      // A run in which all failed replaces nothing.
      .filter(({ ids }) => ids.length > 0)
      .map(
        ({ ids, at, minutes, commit: measured, loadBefore }) =>
          `Measured again: ${ids.join(
            ', ',
          )}; commit ${measured}, ${at}, ${minutes} minutes, load before ${number(
            loadBefore,
          )}.\n`,
      ),
    ...(only ? [`Only these were measured: ${only.join(', ')}.\n`] : []),
    ...failed.map(
      ({ id, reason }) =>
        `**${id} is wrong, or could not be measured: ${reason}**\n`,
    ),
    ...pictures,
    '| | what | subject | figure | ratio | goal | |',
    '| --- | --- | --- | ---: | ---: | --- | --- |',
    ...figures.map(
      figure =>
        `| ${[
          figure.id,
          figure.what,
          figure.subject,
          `${number(figure.figure)} ${figure.unit}`,
          number(figure.ratio),
          figure.goal ?? '',
          outcome(figure),
        ].join(' | ')} |`,
    ),
    '',
    ...missedGoals(figures),
  ].join('\n');
}

function describe({ size }: Run): string {
  const { nodes, pods, deployments, fleet, podsPerCluster, openMs } =
    SIZES[size];
  const count = (value: number) => value.toLocaleString('en-US');
  return `A cluster of ${count(nodes)} nodes and ${count(
    pods,
  )} pods; one of ${count(
    deployments,
  )} deployments; a fleet of ${fleet} clusters with ${count(
    podsPerCluster,
  )} pods each, besides those of the services. Pages of the most users are open for ${
    openMs / 1_000
  } s.`;
}

function missedGoals(figures: Figure[]): string[] {
  const missed = figures.filter(({ met }) => met === false);
  if (missed.length === 0) return [];
  return [
    '### Missed\n',
    ...missed.map(({ id, goal, ratio, figure, unit }) => {
      const value = ratio ?? figure;
      const measured = `${number(value)}${ratio === null ? ` ${unit}` : ''}`;
      const remarks = REMARKS.filter(({ ids }) => ids.test(id));
      const text = remarks.map(remark => ` ${remark.text}`).join('');
      return `- **${id}**: ${measured}, goal ${goal}${by(goal, value)}.${text}`;
    }),
    '',
  ];
}

/** By how much a goal is missed. */
function by(goal: string | null, value: number): string {
  const [, sign, bound] = /^([≤≥]) ([\d.]+)/.exec(goal ?? '') ?? [];
  if (!bound || value <= 0) return '';
  const factor = sign === '≤' ? value / Number(bound) : Number(bound) / value;
  return factor > 1 ? `, missed by a factor of ${number(factor)}` : '';
}
