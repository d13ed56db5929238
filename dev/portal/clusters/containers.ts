/**
 * What the containers of a development cluster are made of: nothing runs in them, so `kubectl logs` answers a fixed text, and
 * `kubectl exec` runs one of a few programs of this machine in an empty folder, as `nobody` where the cluster runs as root.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
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
  removeContainers(files);
  const folder = execFolder(files);
  const programs = join(folder, 'bin');
  const work = join(folder, 'work');
  // Fails if somebody else has made it.
  mkdirSync(folder);
  mkdirSync(programs);
  mkdirSync(work);
  for (const path of [folder, programs]) chmodSync(path, 0o755);
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

/**
 * Outside of the cluster's folder: `nobody` may not go there, and often not even to root's clones. The name is always the same, so that
 * there is at most one for each cluster.
 */
function execFolder(files: ClusterFiles): string {
  const hash = createHash('sha256').update(files.folder).digest('hex');
  return join(tmpdir(), `portal-exec-${hash.slice(0, 16)}`);
}

/** Removes what is outside of the cluster's folder. */
export function removeContainers(files: ClusterFiles): void {
  rmSync(execFolder(files), { recursive: true, force: true });
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
