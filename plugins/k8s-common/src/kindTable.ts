/**
 * The one table of what discovery cannot tell about a kind. A new kind is a line here, and one in `kindColumns.ts` where it has
 * columns of its own.
 */
import type { KindAction, KindTraits, ResourceCategory } from './kinds';

type Line = readonly [
  plural: string,
  kind: string,
  category: ResourceCategory,
  more?: Pick<KindTraits, 'actions' | 'podTemplate' | 'isPlain' | 'history'>,
];

/** The kinds of one API version and scope. */
function kinds(
  apiVersion: string,
  scope: 'namespaced' | 'cluster',
  lines: readonly Line[],
): KindTraits[] {
  const [version, group = ''] = apiVersion.split('/').reverse();
  const namespaced = scope === 'namespaced';
  return lines.map(([plural, kind, category, more]) => ({
    ...{ group, version, plural, kind, namespaced, category },
    ...more,
  }));
}

/** It has nothing that could go wrong. */
const PLAIN: Line[3] = { isPlain: true };
/** It changes all the time by itself, or is made anew with each change of something else: there is no history of it. */
const FLEETING: Line[3] = { history: 'none' };
const PLAIN_FLEETING: Line[3] = { ...PLAIN, ...FLEETING };
/** Of its values nothing is ever kept. */
const SECRET: Line[3] = { ...PLAIN, history: 'keys' };
/** It makes pods from `spec.template`. */
const makesPods = (...actions: KindAction[]): Line[3] => ({
  podTemplate: ['spec', 'template'],
  actions,
});
const DEPLOYMENT = makesPods(
  ...(['scale', 'restart', 'pause', 'resume', 'rollback', 'logs'] as const),
);
const STATEFUL = makesPods('scale', 'restart', 'rollback', 'logs');
const DAEMON = makesPods('restart', 'rollback', 'logs');
const REPLICAS = makesPods('scale', 'logs');
/** Whatever happens to it is a rollout of its deployment. */
const REPLICA_SET: Line[3] = { ...REPLICAS, ...FLEETING };
const JOB = makesPods('suspend', 'unsuspend', 'logs');
const CRON_JOB: Line[3] = {
  podTemplate: ['spec', 'jobTemplate', 'spec', 'template'],
  actions: ['suspend', 'unsuspend', 'run'],
};
const POD: Line[3] = {
  podTemplate: [],
  actions: ['logs', 'exec'],
  ...FLEETING,
};

/**
 * Kinds that are not as the defaults for what discovery knows no more about.
 *
 * @public
 */
export const KINDS: readonly KindTraits[] = [
  ...kinds('apps/v1', 'namespaced', [
    ['deployments', 'Deployment', 'workload', DEPLOYMENT],
    ['statefulsets', 'StatefulSet', 'workload', STATEFUL],
    ['daemonsets', 'DaemonSet', 'workload', DAEMON],
    ['replicasets', 'ReplicaSet', 'workload', REPLICA_SET],
    ['controllerrevisions', 'ControllerRevision', 'workload', PLAIN_FLEETING],
  ]),
  ...kinds('batch/v1', 'namespaced', [
    ['jobs', 'Job', 'workload', JOB],
    ['cronjobs', 'CronJob', 'workload', CRON_JOB],
  ]),
  ...kinds('v1', 'namespaced', [
    ['pods', 'Pod', 'workload', POD],
    ['replicationcontrollers', 'ReplicationController', 'workload', REPLICAS],
    ['podtemplates', 'PodTemplate', 'workload', PLAIN],
    ['events', 'Event', 'workload', FLEETING],
    ['services', 'Service', 'network'],
    ['endpoints', 'Endpoints', 'network', PLAIN_FLEETING],
    ['persistentvolumeclaims', 'PersistentVolumeClaim', 'storage'],
    ['configmaps', 'ConfigMap', 'configuration', PLAIN],
    ['secrets', 'Secret', 'configuration', SECRET],
    ['serviceaccounts', 'ServiceAccount', 'access', PLAIN],
    ['resourcequotas', 'ResourceQuota', 'policy', PLAIN],
    ['limitranges', 'LimitRange', 'policy', PLAIN],
  ]),
  ...kinds('v1', 'cluster', [
    ['namespaces', 'Namespace', 'namespace'],
    ['nodes', 'Node', 'cluster'],
    // Kinds without a namespace are for administrators, whatever they are about.
    ['persistentvolumes', 'PersistentVolume', 'cluster'],
    ['componentstatuses', 'ComponentStatus', 'cluster', FLEETING],
  ]),
  ...kinds('events.k8s.io/v1', 'namespaced', [
    ['events', 'Event', 'workload', FLEETING],
  ]),
  ...kinds('networking.k8s.io/v1', 'namespaced', [
    ['ingresses', 'Ingress', 'network'],
    ['networkpolicies', 'NetworkPolicy', 'policy', PLAIN],
  ]),
  ...kinds('networking.k8s.io/v1', 'cluster', [
    ['ingressclasses', 'IngressClass', 'cluster', PLAIN],
    ['ipaddresses', 'IPAddress', 'cluster', PLAIN_FLEETING],
    ['servicecidrs', 'ServiceCIDR', 'cluster'],
  ]),
  ...kinds('discovery.k8s.io/v1', 'namespaced', [
    ['endpointslices', 'EndpointSlice', 'network', PLAIN_FLEETING],
  ]),
  ...kinds('gateway.networking.k8s.io/v1', 'namespaced', [
    ['gateways', 'Gateway', 'network'],
    ['httproutes', 'HTTPRoute', 'network'],
    ['grpcroutes', 'GRPCRoute', 'network'],
    ['backendtlspolicies', 'BackendTLSPolicy', 'policy'],
  ]),
  ...kinds('gateway.networking.k8s.io/v1alpha2', 'namespaced', [
    ['tcproutes', 'TCPRoute', 'network'],
    ['tlsroutes', 'TLSRoute', 'network'],
    ['udproutes', 'UDPRoute', 'network'],
  ]),
  ...kinds('gateway.networking.k8s.io/v1beta1', 'namespaced', [
    // It lets other namespaces refer to what is in this one.
    ['referencegrants', 'ReferenceGrant', 'policy', PLAIN],
  ]),
  ...kinds('storage.k8s.io/v1', 'cluster', [
    ['storageclasses', 'StorageClass', 'cluster', PLAIN],
    ['volumeattachments', 'VolumeAttachment', 'cluster', FLEETING],
    ['csidrivers', 'CSIDriver', 'cluster', PLAIN],
    ['csinodes', 'CSINode', 'cluster', PLAIN_FLEETING],
    ['volumeattributesclasses', 'VolumeAttributesClass', 'cluster', PLAIN],
  ]),
  ...kinds('storage.k8s.io/v1', 'namespaced', [
    ['csistoragecapacities', 'CSIStorageCapacity', 'storage', PLAIN_FLEETING],
  ]),
  ...kinds('snapshot.storage.k8s.io/v1', 'namespaced', [
    ['volumesnapshots', 'VolumeSnapshot', 'storage'],
  ]),
  ...kinds('rbac.authorization.k8s.io/v1', 'namespaced', [
    ['roles', 'Role', 'access', PLAIN],
    ['rolebindings', 'RoleBinding', 'access', PLAIN],
  ]),
  ...kinds('rbac.authorization.k8s.io/v1', 'cluster', [
    ['clusterroles', 'ClusterRole', 'access', PLAIN],
    ['clusterrolebindings', 'ClusterRoleBinding', 'access', PLAIN],
  ]),
  ...kinds('autoscaling/v2', 'namespaced', [
    ['horizontalpodautoscalers', 'HorizontalPodAutoscaler', 'autoscaling'],
  ]),
  ...kinds('autoscaling.k8s.io/v1', 'namespaced', [
    ['verticalpodautoscalers', 'VerticalPodAutoscaler', 'autoscaling'],
  ]),
  ...kinds('policy/v1', 'namespaced', [
    ['poddisruptionbudgets', 'PodDisruptionBudget', 'policy'],
  ]),
  ...kinds('policy/v1beta1', 'cluster', [
    ['podsecuritypolicies', 'PodSecurityPolicy', 'policy', PLAIN],
  ]),
  ...kinds('admissionregistration.k8s.io/v1', 'cluster', [
    [
      'validatingwebhookconfigurations',
      'ValidatingWebhookConfiguration',
      'policy',
      PLAIN,
    ],
    [
      'mutatingwebhookconfigurations',
      'MutatingWebhookConfiguration',
      'policy',
      PLAIN,
    ],
    [
      'validatingadmissionpolicies',
      'ValidatingAdmissionPolicy',
      'policy',
      PLAIN,
    ],
    [
      'validatingadmissionpolicybindings',
      'ValidatingAdmissionPolicyBinding',
      'policy',
      PLAIN,
    ],
  ]),
  ...kinds('apiextensions.k8s.io/v1', 'cluster', [
    ['customresourcedefinitions', 'CustomResourceDefinition', 'cluster'],
  ]),
  ...kinds('apiregistration.k8s.io/v1', 'cluster', [
    ['apiservices', 'APIService', 'cluster'],
  ]),
  ...kinds('coordination.k8s.io/v1', 'namespaced', [
    ['leases', 'Lease', 'configuration', PLAIN_FLEETING],
  ]),
  ...kinds('scheduling.k8s.io/v1', 'cluster', [
    ['priorityclasses', 'PriorityClass', 'cluster', PLAIN],
  ]),
  ...kinds('node.k8s.io/v1', 'cluster', [
    ['runtimeclasses', 'RuntimeClass', 'cluster', PLAIN],
  ]),
  ...kinds('flowcontrol.apiserver.k8s.io/v1', 'cluster', [
    ['flowschemas', 'FlowSchema', 'cluster'],
    ['prioritylevelconfigurations', 'PriorityLevelConfiguration', 'cluster'],
  ]),
  ...kinds('certificates.k8s.io/v1', 'cluster', [
    ['certificatesigningrequests', 'CertificateSigningRequest', 'cluster'],
  ]),
  ...kinds('metrics.k8s.io/v1beta1', 'namespaced', [
    ['pods', 'PodMetrics', 'workload', PLAIN_FLEETING],
  ]),
  ...kinds('metrics.k8s.io/v1beta1', 'cluster', [
    ['nodes', 'NodeMetrics', 'cluster', PLAIN_FLEETING],
  ]),
];
