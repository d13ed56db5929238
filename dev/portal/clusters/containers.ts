/**
 * What the containers of a development cluster are made of: nothing runs in them, so `kubectl logs` answers a fixed text, and
 * `kubectl exec` runs one of a few programs of this machine in an empty folder, as `nobody` where the cluster runs as root.
 */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ClusterFiles } from './clusterFiles.ts';

/** The user `nobody`, on every Linux distribution. */
const NOBODY = 65534;

const PROGRAMS = [
  ...['sh', 'bash', 'cat', 'date', 'echo', 'env', 'false', 'head', 'hostname'],
  ...['id', 'ls', 'printf', 'pwd', 'sleep', 'tail', 'true', 'uname', 'wc'],
];

const LOG_LINES = [
  'Started.',
  'This container is played by KWOK: nothing runs in it.',
  'Listening on port 8080.',
];

/** Makes them for a cluster that starts. @returns the folder of the only programs that `exec` finds */
export function prepareContainers(files: ClusterFiles): string {
  const folder = newExecFolder(files);
  const programs = join(folder, 'bin');
  const work = join(folder, 'work');
  mkdirSync(programs);
  mkdirSync(work);
  for (const program of PROGRAMS) {
    const path = whereIs(program);
    if (path) symlinkSync(path, join(programs, program));
  }
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(work, NOBODY, NOBODY);
  writeLog(files.containerLog);
  writeKwokConfiguration(files, {
    workDir: work,
    envs: [
      { name: 'HOME', value: work },
      { name: 'PATH', value: programs },
    ],
    ...(isRoot && {
      securityContext: { runAsUser: NOBODY, runAsGroup: NOBODY },
    }),
  });
  return programs;
}

/** Root's clones are often where `nobody` may not go, so the folder is a temporary one; its name is kept to remove it. */
function newExecFolder(files: ClusterFiles): string {
  removeContainers(files);
  const folder = mkdtempSync(join(tmpdir(), 'portal-exec-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(files.folder, 'exec-folder'), folder);
  return folder;
}

/** Removes what is outside of the cluster's folder. */
export function removeContainers(files: ClusterFiles): void {
  const record = join(files.folder, 'exec-folder');
  if (!existsSync(record)) return;
  rmSync(readFileSync(record, 'utf8'), { recursive: true, force: true });
  rmSync(record);
}

function whereIs(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, program))
    .find(path => existsSync(path));
}

/** In the format of container runtimes, which KWOK reads. */
function writeLog(file: string): void {
  const time = new Date().toISOString();
  writeFileSync(
    file,
    LOG_LINES.map(line => `${time} stdout F ${line}\n`).join(''),
  );
}

function writeKwokConfiguration(files: ClusterFiles, local: object): void {
  const document = (kind: string, spec: object) =>
    JSON.stringify({
      apiVersion: 'kwok.x-k8s.io/v1alpha1',
      kind,
      metadata: { name: 'all' },
      spec,
    });
  const documents = [
    document('ClusterLogs', {
      logs: [{ logsFile: files.containerLog, follow: true }],
    }),
    document('ClusterExec', { execs: [{ local }] }),
  ];
  writeFileSync(files.kwok, documents.join('\n---\n'));
}
