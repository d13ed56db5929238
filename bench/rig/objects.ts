/**
 * Objects of the size that real ones have: a pod is about 7 KB, and 10 KB with the managed fields that the API server adds. Names and
 * values are the same in each run.
 */
import { createHash } from 'node:crypto';

/** An object, and its status, which the API server takes in a second step only. */
export interface MadeObject {
  /** Where it is created, without its name. */
  path: string;
  name: string;
  body: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** Pods of the benchmark are searched by a part of their names. */
export const WORDS = [
  ...['ledger', 'basket', 'search', 'mailer', 'ticket', 'stock', 'price'],
  ...['orders', 'returns', 'reports', 'billing', 'profile', 'session'],
  ...['catalog', 'gateway', 'webhook', 'invoice', 'payout', 'rating', 'wallet'],
];

const digest = (text: string) =>
  createHash('sha256').update(text).digest('hex');
/** Variables of a container: so many that a pod has its size. */
const ENVIRONMENT = 5;
/** As Kubernetes writes hashes into names. */
const suffix = (text: string, length: number) =>
  [...digest(text).slice(0, length)]
    .map(digit => 'bcdfghjklmnpqrst'[Number.parseInt(digit, 16)])
    .join('');
const uidOf = (text: string) => {
  const hex = digest(text);
  return [8, 4, 4, 4, 12]
    .map((length, index) => hex.slice(index * 6, index * 6 + length))
    .join('-');
};

const STARTED = '2026-01-05T08:00:00Z';

/** Something that runs: a deployment, its ReplicaSet and its pods. */
export interface Workload {
  namespace: string;
  name: string;
  replicas: number;
  /** Further labels of all its objects. */
  labels?: Record<string, string>;
}

const labelsOf = ({ name, namespace, labels }: Workload) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': `${name}-${namespace}`,
  'app.kubernetes.io/version': '4.12.3',
  'app.kubernetes.io/component': 'server',
  'app.kubernetes.io/part-of': 'shop',
  'app.kubernetes.io/managed-by': 'Helm',
  team: `team-${digest(name).slice(0, 1)}`,
  ...labels,
});

const selectorOf = ({ name }: Workload) => ({ 'app.kubernetes.io/name': name });

const ANNOTATIONS = {
  'checksum/config': digest('config'),
  'checksum/secret': digest('secret'),
  'prometheus.io/scrape': 'true',
  'prometheus.io/path': '/metrics',
  'prometheus.io/port': '9090',
  'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true',
  'sidecar.example.com/inject': 'true',
  'sidecar.example.com/status': JSON.stringify({
    version: digest('sidecar').slice(0, 40),
    initContainers: ['wait-for-network'],
    volumes: ['sidecar-certificates', 'sidecar-configuration'],
  }),
};

const probe = (path: string, port: string) => ({
  httpGet: { path, port, scheme: 'HTTP' },
  initialDelaySeconds: 10,
  periodSeconds: 10,
  timeoutSeconds: 3,
  successThreshold: 1,
  failureThreshold: 3,
});

const environment = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    index % 4 === 0
      ? {
          name: `${prefix}_SECRET_${index}`,
          valueFrom: {
            secretKeyRef: { name: 'app-credentials', key: `key-${index}` },
          },
        }
      : {
          name: `${prefix}_SETTING_${index}`,
          value: `https://service-${index}.example.com/${'v1/endpoint/'.repeat(
            26,
          )}`,
        },
  );

const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  runAsUser: 10001,
};

const container = (name: string, variables: number) => ({
  name,
  image: `registry.example.com/platform/${name}:4.12.3`,
  imagePullPolicy: 'IfNotPresent',
  args: ['--config=/etc/app/config.yaml', '--log-format=json'],
  ports: [
    { name: 'http', containerPort: 8080, protocol: 'TCP' },
    { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
  ],
  env: environment(name.toUpperCase(), variables),
  resources: {
    requests: { cpu: '100m', memory: '256Mi' },
    limits: { cpu: '1', memory: '512Mi' },
  },
  livenessProbe: probe('/healthz', 'http'),
  readinessProbe: probe('/readyz', 'http'),
  volumeMounts: [
    { name: 'config', mountPath: '/etc/app', readOnly: true },
    { name: 'tmp', mountPath: '/tmp' },
    {
      name: 'token',
      mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
      readOnly: true,
    },
  ],
  securityContext: CONTAINER_SECURITY,
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
});

/** Containers, volumes and rules of a pod. */
function podSpec() {
  return {
    containers: [container('app', ENVIRONMENT)],
    initContainers: [
      {
        name: 'wait-for-network',
        image: 'registry.example.com/platform/wait:1.0.0',
        command: ['/wait', '--timeout=30s'],
        securityContext: CONTAINER_SECURITY,
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: 'app-config', defaultMode: 420 } },
      { name: 'tmp', emptyDir: {} },
      {
        name: 'token',
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            {
              configMap: {
                name: 'kube-root-ca.crt',
                items: [{ key: 'ca.crt', path: 'ca.crt' }],
              },
            },
          ],
        },
      },
    ],
    serviceAccountName: 'default',
    securityContext: {
      fsGroup: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    tolerations: ['not-ready', 'unreachable'].map(condition => ({
      key: `node.kubernetes.io/${condition}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
    terminationGracePeriodSeconds: 30,
  };
}

const condition = (type: string, details: object = {}) => ({
  type,
  status: 'True',
  lastProbeTime: null,
  lastTransitionTime: STARTED,
  ...details,
});

function podStatus(key: string) {
  const running = (name: string) => ({
    name,
    image: `registry.example.com/platform/${name}:4.12.3`,
    imageID: `registry.example.com/platform/${name}@sha256:${digest(name)}`,
    containerID: `containerd://${digest(key + name)}`,
    ready: true,
    started: true,
    restartCount: 0,
    lastState: {},
    state: { running: { startedAt: STARTED } },
  });
  const byte = (index: number) =>
    Number.parseInt(digest(key).slice(index, index + 2), 16);
  return {
    phase: 'Running',
    qosClass: 'Burstable',
    startTime: STARTED,
    hostIP: `10.0.${byte(0)}.${byte(2)}`,
    podIP: `10.244.${byte(4)}.${byte(6)}`,
    podIPs: [{ ip: `10.244.${byte(4)}.${byte(6)}` }],
    conditions: [
      ...['PodReadyToStartContainers', 'Initialized', 'Ready'],
      ...['ContainersReady', 'PodScheduled'],
    ].map(type => condition(type)),
    initContainerStatuses: [
      {
        ...running('wait-for-network'),
        state: {
          terminated: {
            exitCode: 0,
            reason: 'Completed',
            startedAt: STARTED,
            finishedAt: STARTED,
            containerID: `containerd://${digest(key)}`,
          },
        },
      },
    ],
    containerStatuses: [running('app')],
  };
}

/** What an API server would call what was just created does not matter: nobody collects orphans here. */
const ownedBy = (kind: string, name: string, namespace: string) => [
  {
    apiVersion: 'apps/v1',
    kind,
    name,
    uid: uidOf(`${kind}/${namespace}/${name}`),
    controller: true,
    blockOwnerDeletion: true,
  },
];

const BASE = { apps: '/apis/apps/v1', core: '/api/v1' };

/** A deployment whose replicas all run. */
export function deployment(workload: Workload): MadeObject {
  const { namespace, name, replicas } = workload;
  return {
    path: `${BASE.apps}/namespaces/${namespace}/deployments`,
    name,
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name,
        namespace,
        labels: labelsOf(workload),
        annotations: { 'deployment.kubernetes.io/revision': '1' },
      },
      spec: {
        replicas,
        selector: { matchLabels: selectorOf(workload) },
        template: {
          metadata: { labels: labelsOf(workload), annotations: ANNOTATIONS },
          spec: podSpec(),
        },
      },
    },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      conditions: ['Progressing', 'Available'].map(type => ({
        type,
        status: 'True',
        reason:
          type === 'Available'
            ? 'MinimumReplicasAvailable'
            : 'NewReplicaSetAvailable',
        message: 'It is as it should be.',
        lastTransitionTime: STARTED,
        lastUpdateTime: STARTED,
      })),
    },
  };
}

const replicaSetName = ({ name }: Workload) => `${name}-${suffix(name, 10)}`;

/** Names of a workload's pods. */
export function podNames(workload: Workload): string[] {
  const base = replicaSetName(workload);
  return Array.from(
    { length: workload.replicas },
    (_, index) => `${base}-${suffix(`${base}/${index}`, 5)}`,
  );
}

/** Its ReplicaSet; `owner` is the uid that the API server gave the deployment. */
export function replicaSet(workload: Workload, owner: string): MadeObject {
  const { namespace, name, replicas } = workload;
  const hash = { 'pod-template-hash': suffix(name, 10) };
  return {
    path: `${BASE.apps}/namespaces/${namespace}/replicasets`,
    name: replicaSetName(workload),
    body: {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: replicaSetName(workload),
        namespace,
        labels: { ...labelsOf(workload), ...hash },
        annotations: { 'deployment.kubernetes.io/revision': '1' },
        ownerReferences: withUid(ownedBy('Deployment', name, namespace), owner),
      },
      spec: {
        replicas,
        selector: { matchLabels: { ...selectorOf(workload), ...hash } },
        template: {
          metadata: {
            labels: { ...labelsOf(workload), ...hash },
            annotations: ANNOTATIONS,
          },
          spec: podSpec(),
        },
      },
    },
    status: {
      observedGeneration: 1,
      replicas,
      fullyLabeledReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
    },
  };
}

const withUid = (owners: ReturnType<typeof ownedBy>, uid: string) =>
  owners.map(owner => ({ ...owner, uid }));

/** Its pods, running; `owner` is the uid of the ReplicaSet. */
export function pods(
  workload: Workload,
  options: { owner: string; nodes: number },
): MadeObject[] {
  const { namespace, name } = workload;
  const owners = ownedBy('ReplicaSet', replicaSetName(workload), namespace);
  return podNames(workload).map(podName => ({
    path: `${BASE.core}/namespaces/${namespace}/pods`,
    name: podName,
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: podName,
        namespace,
        labels: {
          ...labelsOf(workload),
          'pod-template-hash': suffix(name, 10),
        },
        annotations: ANNOTATIONS,
        ownerReferences: withUid(owners, options.owner),
      },
      spec: {
        ...podSpec(),
        nodeName: nodeName(
          Number.parseInt(digest(podName).slice(0, 8), 16) % options.nodes,
        ),
      },
    },
    status: podStatus(`${namespace}/${podName}`),
  }));
}

const nodeName = (index: number) => `node-${String(index).padStart(4, '0')}`;

/** A node that is ready. */
export function node(index: number): MadeObject {
  const name = nodeName(index);
  const quantities = { cpu: '16', memory: '64Gi', pods: '110' };
  return {
    path: `${BASE.core}/nodes`,
    name,
    body: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/os': 'linux',
          'kubernetes.io/hostname': name,
          'node.kubernetes.io/instance-type': 'large',
          'topology.kubernetes.io/region': 'eu-central-1',
          'topology.kubernetes.io/zone': `eu-central-1${'abc'[index % 3]}`,
        },
      },
      spec: {},
    },
    status: {
      capacity: quantities,
      allocatable: quantities,
      conditions: [
        ...['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'],
      ].map(type => ({
        type,
        status: type === 'Ready' ? 'True' : 'False',
        reason: `Kubelet${type}`,
        message: 'As the kubelet says',
        lastHeartbeatTime: STARTED,
        lastTransitionTime: STARTED,
      })),
      nodeInfo: {
        architecture: 'amd64',
        bootID: uidOf(`boot${name}`),
        containerRuntimeVersion: 'containerd://2.1.0',
        kernelVersion: '6.12.0',
        kubeProxyVersion: '',
        kubeletVersion: 'v1.37.2',
        machineID: digest(name).slice(0, 32),
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 12',
        systemUUID: uidOf(name),
      },
    },
  };
}

/** A namespace. */
export function namespace(name: string): MadeObject {
  return {
    path: `${BASE.core}/namespaces`,
    name,
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  };
}
