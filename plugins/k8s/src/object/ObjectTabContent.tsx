import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import type {
  ResourceDetail,
  ResourceRef,
} from '@backstage-k8s/plugin-k8s-react';
import type { ComponentType } from 'react';
import type { ClusterDetail } from '../cluster/ClusterDetail';
import { ObjectLogs } from '../logs/ObjectLogs';
import { ObjectTerminal } from '../terminal/ObjectTerminal';
import { DeploymentSummary } from './DeploymentSummary';
import { ObjectEvents } from './ObjectEvents';
import { ObjectHistory } from './ObjectHistory';
import { ObjectRelated } from './ObjectRelated';
import { ObjectRevisions } from './ObjectRevisions';
import { ObjectSummary } from './ObjectSummary';
import type { ObjectTab } from './objectTabs';
import { ObjectYaml } from './ObjectYaml';

/** What each tab of an object's page gets. */
export interface ObjectTabProps {
  cluster: ClusterDetail;
  kind: Kind;
  target: ResourceRef;
  detail: ResourceDetail;
}

const TABS: Record<ObjectTab, ComponentType<ObjectTabProps>> = {
  summary: ObjectSummary,
  yaml: ObjectYaml,
  events: ObjectEvents,
  related: ObjectRelated,
  logs: ObjectLogs,
  terminal: ObjectTerminal,
  revisions: ObjectRevisions,
  history: ObjectHistory,
};

/** Summaries in the kind's own terms, by plural and group; every other kind has the one that is for all. */
const SUMMARIES: Readonly<Record<string, ComponentType<ObjectTabProps>>> = {
  'deployments.apps': DeploymentSummary,
};

/** The content of a tab. */
export function ObjectTabContent(props: ObjectTabProps & { tab: ObjectTab }) {
  const { tab, ...rest } = props;
  const { group, plural } = props.target;
  const own = tab === 'summary' && SUMMARIES[`${plural}.${group}`];
  const Content = own || TABS[tab];
  return <Content {...rest} />;
}
