import { categoryOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  ResourceCategory,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import AccessIcon from '@material-ui/icons/VpnKeyOutlined';
import ClusterIcon from '@material-ui/icons/DnsOutlined';
import ConfigurationIcon from '@material-ui/icons/TuneOutlined';
import CustomIcon from '@material-ui/icons/ExtensionOutlined';
import NamespaceIcon from '@material-ui/icons/FolderOutlined';
import NetworkIcon from '@material-ui/icons/DeviceHubOutlined';
import PodIcon from '@material-ui/icons/FiberManualRecordOutlined';
import PolicyIcon from '@material-ui/icons/PolicyOutlined';
import SecretIcon from '@material-ui/icons/LockOutlined';
import StorageIcon from '@material-ui/icons/StorageOutlined';
import WorkloadIcon from '@material-ui/icons/LayersOutlined';

const BY_CATEGORY: Readonly<Record<ResourceCategory, typeof CustomIcon>> = {
  workload: WorkloadIcon,
  autoscaling: WorkloadIcon,
  network: NetworkIcon,
  storage: StorageIcon,
  configuration: ConfigurationIcon,
  namespace: NamespaceIcon,
  custom: CustomIcon,
  access: AccessIcon,
  policy: PolicyIcon,
  cluster: ClusterIcon,
  system: ClusterIcon,
};
/** Kinds that are told apart from the rest of their category at a glance. */
const BY_KIND: Readonly<Record<string, typeof CustomIcon>> = {
  'pods.': PodIcon,
  'secrets.': SecretIcon,
};

/** What a kind is for, as a picture beside its word. */
export function KindIcon({ type }: { type: ResourceType }) {
  const { group, plural } = type;
  const Icon =
    BY_KIND[`${plural}.${group}`] ??
    BY_CATEGORY[categoryOf({ group, plural, namespaced: true })];
  return <Icon aria-hidden fontSize="inherit" />;
}
