import { join } from 'node:path';
import { BIN, ROOT } from '../paths.ts';
import type { ClusterFiles } from './clusterFiles.ts';
import type { ClusterPorts } from './choosePorts.ts';
import type { ProcessName } from './ClusterProcesses.ts';

/** What the keeper is told of a process; see dev/kubernetes/keeper. */
export interface ProcessPlan {
  name: ProcessName;
  command: string[];
  environment?: string[];
  ready?: string;
  certificateAuthority?: string;
}

/** Options of a command line: `--key=value` for each. */
const flags = (options: Record<string, string | number | boolean>) =>
  Object.entries(options).map(([key, value]) => `--${key}=${value}`);

/**
 * How the processes of a cluster are run, in the order in which they start. Everything listens on loopback, with TLS, and all of them
 * have a command line that names the cluster's folder, by which they are known again.
 */
export function processPlans(options: {
  name: string;
  files: ClusterFiles;
  ports: ClusterPorts;
  /** The only programs that `kubectl exec` finds. */
  programs: string;
}): ProcessPlan[] {
  const { name, files, ports, programs } = options;
  const kube = join(BIN, 'kube');
  const file = (base: string) => join(files.certificates, base);
  const https = (port: number) => `https://127.0.0.1:${port}`;

  const etcd = flags({
    name,
    'data-dir': files.etcd,
    'listen-client-urls': https(ports.etcd),
    'advertise-client-urls': https(ports.etcd),
    'listen-peer-urls': https(ports.etcdPeer),
    'initial-advertise-peer-urls': https(ports.etcdPeer),
    'initial-cluster': `${name}=${https(ports.etcdPeer)}`,
    'cert-file': file('etcd.crt'),
    'key-file': file('etcd.key'),
    'trusted-ca-file': file('etcd-ca.crt'),
    'client-cert-auth': true,
    'peer-cert-file': file('etcd.crt'),
    'peer-key-file': file('etcd.key'),
    'peer-trusted-ca-file': file('etcd-ca.crt'),
    'peer-client-cert-auth': true,
    'log-level': 'warn',
  });

  const apiServer = flags({
    'bind-address': '127.0.0.1',
    'secure-port': ports.apiServer,
    'etcd-servers': https(ports.etcd),
    'etcd-cafile': file('etcd-ca.crt'),
    'etcd-certfile': file('etcd-client.crt'),
    'etcd-keyfile': file('etcd-client.key'),
    'tls-cert-file': file('kube-apiserver.crt'),
    'tls-private-key-file': file('kube-apiserver.key'),
    'client-ca-file': file('ca.crt'),
    'token-auth-file': files.tokens,
    'authorization-mode': 'RBAC',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': file('service-account.pub'),
    'service-account-signing-key-file': file('service-account.key'),
    'service-cluster-ip-range': '10.96.0.0/16',
    // It would publish an address that is not loopback.
    'endpoint-reconciler-type': 'none',
    'kubelet-preferred-address-types': 'InternalIP',
    'kubelet-certificate-authority': file('ca.crt'),
    'kubelet-client-certificate': file('kube-apiserver-kubelet-client.crt'),
    'kubelet-client-key': file('kube-apiserver-kubelet-client.key'),
    'allow-privileged': true,
    profiling: false,
  });

  const component = (part: ProcessName, port: number) => ({
    kubeconfig: files.kubeconfig(part),
    'authentication-kubeconfig': files.kubeconfig(part),
    'authorization-kubeconfig': files.kubeconfig(part),
    'bind-address': '127.0.0.1',
    'secure-port': port,
    // As in a real cluster: their leases tell whether they work.
    'leader-elect': true,
    profiling: false,
  });

  const controllerManager = flags({
    ...component('kube-controller-manager', ports.controllerManager),
    // The next one need not wait until the lease has run out.
    'feature-gates': 'ControllerManagerReleaseLeaderElectionLockOnExit=true',
    'use-service-account-credentials': true,
    'service-account-private-key-file': file('service-account.key'),
    'root-ca-file': file('ca.crt'),
    'cluster-signing-cert-file': file('ca.crt'),
    'cluster-signing-key-file': file('ca.key'),
  });

  const kwok = [
    ...flags({
      kubeconfig: files.kubeconfig('kwok'),
      'manage-all-nodes': true,
      'node-ip': '127.0.0.1',
      'node-port': ports.kubelet,
      'server-address': `127.0.0.1:${ports.kubelet}`,
      'tls-cert-file': file('kubelet.crt'),
      'tls-private-key-file': file('kubelet.key'),
      'node-lease-duration-seconds': 40,
    }),
    ...['node', 'pod', 'pod-failures'].map(
      stage => `--config=${join(ROOT, 'dev/kwok/stages', `${stage}.yaml`)}`,
    ),
    `--config=${files.kwok}`,
  ];

  return [
    {
      name: 'etcd',
      command: [kube, 'etcd', ...etcd],
      ready: `tcp://127.0.0.1:${ports.etcd}`,
    },
    {
      name: 'kube-apiserver',
      command: [kube, 'kube-apiserver', ...apiServer],
      ready: `${https(ports.apiServer)}/readyz`,
      certificateAuthority: file('ca.crt'),
    },
    {
      name: 'kube-controller-manager',
      command: [kube, 'kube-controller-manager', ...controllerManager],
    },
    {
      name: 'kube-scheduler',
      command: [
        kube,
        'kube-scheduler',
        ...flags(component('kube-scheduler', ports.scheduler)),
      ],
    },
    {
      name: 'kwok',
      command: [join(BIN, 'kwok'), ...kwok],
      environment: [`PATH=${programs}`, `KWOK_WORKDIR=${files.folder}`],
    },
  ];
}
