import { FIELD_MANAGER } from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import { plainText } from '../views/plainText';
import type { DeploymentObject } from './WorkloadObjects';

/** Marks that tools put on what they deploy, and what they do with a change by others. */
const TOOLS: readonly {
  tool: string;
  mark: (metadata: KubernetesObject['metadata']) => string | undefined;
}[] = [
  {
    tool: 'Flux',
    mark: ({ labels }) =>
      labels?.['kustomize.toolkit.fluxcd.io/name'] ??
      labels?.['helm.toolkit.fluxcd.io/name'],
  },
  {
    tool: 'Argo CD',
    mark: ({ labels, annotations }) =>
      annotations?.['argocd.argoproj.io/tracking-id']?.split(':')[0] ??
      labels?.['argocd.argoproj.io/instance'],
  },
  {
    tool: 'Helm',
    mark: ({ labels, annotations }) =>
      labels?.['app.kubernetes.io/managed-by'] === 'Helm'
        ? annotations?.['meta.helm.sh/release-name'] ?? ''
        : undefined,
  },
];

/** Managers that write status and replicas as Kubernetes itself; nobody applies again. */
const CONTROLLERS = ['kube-controller-manager', 'kube-scheduler', 'kubelet'];

/** A sentence for each tool that deploys the object from elsewhere. */
function toolWarnings({ metadata }: KubernetesObject): string[] {
  return TOOLS.flatMap(({ tool, mark }) => {
    const owner = mark(metadata);
    if (owner === undefined) return [];
    const name = owner ? ` (${plainText(owner, 128)})` : '';
    return [
      `${tool} deploys this object${name}: the change lasts until it deploys again.`,
    ];
  });
}

/** A sentence for each other manager that owns what would change. */
function ownerWarnings(changes: Schema<'Plan'>['changes']): string[] {
  const paths = new Map<string, string[]>();
  for (const { path, owner } of changes) {
    for (const name of owner?.split(', ') ?? []) {
      if (name === FIELD_MANAGER || CONTROLLERS.includes(name)) continue;
      paths.set(name, [...(paths.get(name) ?? []), path]);
    }
  }
  return [...paths].map(
    ([name, owned]) =>
      `${name} owns ${owned.slice(0, 3).join(', ')}${
        owned.length > 3 ? ` and ${owned.length - 3} more` : ''
      }: it may set them back when it applies again.`,
  );
}

/** What somebody should know before they change an object; most of it is about workloads. */
export function changeWarnings(options: {
  before?: DeploymentObject;
  after: DeploymentObject;
  changes: Schema<'Plan'>['changes'];
  /** Of the deployment as it is. */
  rollout?: Schema<'Rollout'>;
  scaledBy?: string;
}): string[] {
  const { before, after, changes, rollout, scaledBy } = options;
  const warnings: string[] = [];
  const had = before?.spec?.replicas ?? 0;
  const isTemplateChange = changes.some(({ path }) =>
    path.startsWith('spec.template'),
  );
  if (rollout?.state === 'stuck') {
    warnings.push(
      `The present rollout is stuck. ${rollout.reason ?? ''}`.trim(),
    );
  }
  if (after.spec?.replicas === 0 && had > 0) {
    warnings.push('No pod will be left: what it serves will stop.');
  }
  if (scaledBy !== undefined) {
    warnings.push(
      `The HorizontalPodAutoscaler ${plainText(
        scaledBy,
        253,
      )} rules the replicas; they stay as they are.`,
    );
  }
  if (before && isTemplateChange && after.spec?.paused) {
    warnings.push(
      'The rollout is paused: the change takes effect when it is resumed.',
    );
  }
  if (
    before &&
    isTemplateChange &&
    after.spec?.strategy?.type === 'Recreate' &&
    had > 0
  ) {
    warnings.push(
      'Its strategy is Recreate: all pods end before the first new one starts.',
    );
  }
  return [
    ...warnings,
    ...(before ? toolWarnings(before) : []),
    ...ownerWarnings(changes),
  ];
}
