/** Manifests, specs and patches that an API server takes, or nearly. */
import type { Random } from './Random.ts';

const KINDS: Readonly<Record<string, readonly [string, string]>> = {
  deployments: ['apps/v1', 'Deployment'],
  statefulsets: ['apps/v1', 'StatefulSet'],
  daemonsets: ['apps/v1', 'DaemonSet'],
  replicasets: ['apps/v1', 'ReplicaSet'],
  jobs: ['batch/v1', 'Job'],
  cronjobs: ['batch/v1', 'CronJob'],
  pods: ['v1', 'Pod'],
  services: ['v1', 'Service'],
  configmaps: ['v1', 'ConfigMap'],
  secrets: ['v1', 'Secret'],
  nodes: ['v1', 'Node'],
  namespaces: ['v1', 'Namespace'],
  events: ['v1', 'Event'],
  roles: ['rbac.authorization.k8s.io/v1', 'Role'],
  clusterroles: ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  horizontalpodautoscalers: ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  networkpolicies: ['networking.k8s.io/v1', 'NetworkPolicy'],
  ingresses: ['networking.k8s.io/v1', 'Ingress'],
  customresourcedefinitions: [
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
  ],
};
const PLURALS = [
  ...Object.keys(KINDS),
  'widgets',
  'pods.exec',
  'componentstatuses',
];

/** Objects of one kind. */
export class FuzzManifests {
  readonly plural: string;
  private readonly random: Random;

  /** Of a kind that is chosen by chance. */
  constructor(random: Random) {
    this.random = random;
    this.plural = random.pick(PLURALS);
  }

  /** As the API calls it. */
  get group(): string {
    const [apiVersion] = KINDS[this.plural] ?? ['apps/v1'];
    return apiVersion.includes('/') ? apiVersion.split('/')[0] : 'core';
  }

  private template() {
    const random = this.random;
    return {
      metadata: { labels: { app: 'app' } },
      spec: {
        containers: [
          {
            name: 'app',
            image: 'example.org/app:1',
            ...(random.chance(0.3) && {
              resources: {
                requests: { cpu: random.pick(['1', '1m', 'x', '-1', '1e3']) },
              },
            }),
          },
        ],
        ...(random.chance(0.2) && {
          initContainers: [{ name: 'init', image: 'a' }],
        }),
        ...(random.chance(0.1) && { restartPolicy: 'Never' }),
      },
    };
  }

  /** A spec of the kind. */
  spec(plural = this.plural): unknown {
    const random = this.random;
    const workload = {
      selector: { matchLabels: { app: 'app' } },
      template: this.template(),
      ...(random.chance(0.5) && { replicas: random.between(0, 3) }),
    };
    const specs: Record<string, unknown> = {
      pods: this.template().spec,
      jobs: {
        template: {
          spec: { ...this.template().spec, restartPolicy: 'Never' },
        },
      },
      cronjobs: {
        schedule: '* * * * *',
        jobTemplate: { spec: { template: this.template() } },
      },
      services: { ports: [{ port: 80 }], selector: { app: 'app' } },
      horizontalpodautoscalers: {
        maxReplicas: 3,
        scaleTargetRef: {
          kind: 'Deployment',
          name: 'app',
          apiVersion: 'apps/v1',
        },
      },
      ingresses: {
        defaultBackend: { service: { name: 'app', port: { number: 80 } } },
      },
      networkpolicies: { podSelector: {} },
      customresourcedefinitions: {
        group: 'example.org',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget' },
        versions: [],
      },
    };
    return specs[plural] ?? workload;
  }

  /** A whole manifest of the kind. */
  manifest(): unknown {
    const random = this.random;
    const [apiVersion, kind] = KINDS[this.plural] ?? [
      'example.org/v1',
      'Widget',
    ];
    return {
      apiVersion,
      kind,
      metadata: {
        name: random.pick([
          'app',
          'fuzz',
          `made-${random.between(0, 20)}`,
          'A_B',
        ]),
        ...(random.chance(0.7) && { namespace: 'fuzz' }),
        ...(random.chance(0.3) && { labels: { app: 'app' } }),
        ...(random.chance(0.1) && { generateName: 'x-' }),
        ...(random.chance(0.1) && { resourceVersion: '1' }),
        ...(random.chance(0.1) && { finalizers: ['example.org/x'] }),
      },
      ...(['configmaps', 'secrets'].includes(this.plural)
        ? { data: { a: 'QUJD' } }
        : { spec: this.spec(this.plural) }),
    };
  }

  /** A merge patch, of which some change what must not be. */
  patch(): unknown {
    return this.random.pick<unknown>([
      { spec: { replicas: 2 } },
      { metadata: { labels: { patched: 'yes' } } },
      { metadata: { annotations: null } },
      { metadata: { name: 'other' } },
      { spec: null },
      { status: { replicas: 1 } },
      {},
      { spec: this.spec(this.plural) },
    ]);
  }
}
