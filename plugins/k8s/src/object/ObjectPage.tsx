import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import {
  CopyableText,
  ErrorPanel,
  ResourceHealthLabel,
  groupOfSegment,
  isPageKey,
  namespaceOfSegment,
  useKinds,
  useResource,
} from '@backstage-k8s/plugin-k8s-react';
import type {
  ResourceDetail,
  ResourceRef,
} from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useEffect, useMemo } from 'react';
import type { ComponentType } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router-dom';
import type { ClusterDetail } from '../cluster/ClusterDetail';
import { ListStaleBanner } from '../cluster/ListStaleBanner';
import { HistoryTable } from '../history/HistoryTable';
import { LoadingBlock } from '../pages/LoadingBlock';
import { useSectionStyles } from '../pages/useSectionStyles';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { DeploymentHeadActions } from './DeploymentHeadActions';
import { ObjectActions } from './ObjectActions';
import { ObjectPath } from './ObjectPath';
import { OBJECT_TABS, tabsOf } from './objectTabs';
import { ObjectTabContent } from './ObjectTabContent';
import type { ObjectTabProps } from './ObjectTabContent';
import { ObjectTabs } from './ObjectTabs';
import { unknownKind } from './unknownKind';

const useStyles = makeStyles({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: 'var(--bui-space-2) var(--bui-space-4)',
  },
  name: { margin: 0, fontSize: 'var(--bui-font-size-6)', minWidth: 0 },
  actions: { marginInlineStart: 'auto' },
});

/** `e` goes to the YAML of the object, unless it is there already. */
function useYamlKey(target: ResourceRef, isThere: boolean) {
  const navigate = useNavigate();
  const link = useLinks().object(target, 'yaml');
  useEffect(() => {
    if (isThere) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const isFocused = (event.target as Element).closest?.('tr[data-row]');
      // A row that has the focus has its own `e`.
      if (event.key !== 'e' || isFocused || !isPageKey(event)) return;
      event.preventDefault();
      navigate(link);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate, link, isThere]);
}

/** Kinds with actions of their own, by plural and group. */
const ACTIONS: Readonly<Record<string, ComponentType<ObjectTabProps>>> = {
  'deployments.apps': DeploymentHeadActions,
};

/** One object of any kind: its name, how it is doing, what can be done, and its tabs. */
function KnownObject(props: {
  cluster: ClusterDetail;
  kind: Kind;
  target: ResourceRef;
  detail: ResourceDetail;
  tab: string;
}) {
  const { cluster, kind, target, detail, tab } = props;
  const { row, isGone } = detail;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const links = useLinks();
  const tabs = tabsOf(kind);
  const HeadActions =
    ACTIONS[`${target.plural}.${target.group}`] ?? ObjectActions;
  // Of some kinds there is nothing to know, or nothing that could go wrong.
  const hasHealth =
    row.deleting ||
    !(
      traitsOf(kind)?.isPlain ||
      (row.health.state === 'unknown' && !row.health.word)
    );
  const shown = tabs.find(one => one === tab);
  if (!shown) return <Navigate to={links.object(target)} replace />;
  return (
    <>
      <div className={classes.head}>
        <h2 className={classes.name}>
          <CopyableText text={target.name} />
        </h2>
        {hasHealth && (
          <ResourceHealthLabel health={row.health} deleting={row.deleting} />
        )}
        {/* Of one that is gone they are out of sight only: who has deleted it is still reading what came of that. */}
        <div
          className={classes.actions}
          style={isGone ? { display: 'none' } : undefined}
        >
          <HeadActions
            cluster={cluster}
            kind={kind}
            target={target}
            detail={detail}
          />
        </div>
      </div>
      {isGone && (
        <Alert
          role="status"
          status="warning"
          icon
          title={t('object.gone', { kind: kind.kind, name: target.name })}
          description={t('object.goneText')}
        />
      )}
      <ObjectTabs target={target} tabs={tabs} shown={shown} />
      <ObjectTabContent
        tab={shown}
        cluster={cluster}
        kind={kind}
        target={target}
        detail={detail}
      />
    </>
  );
}

/** The page of one object, below its cluster. */
export function ObjectPage({ cluster }: { cluster: ClusterDetail }) {
  const parameters = useParams();
  const { group = '', plural = '', namespace = '', name = '' } = parameters;
  const tab = parameters.tab ?? OBJECT_TABS[0];
  const shared = useSectionStyles();
  const target = useMemo<ResourceRef>(
    () => ({
      cluster: cluster.id,
      group: groupOfSegment(group),
      plural,
      namespace: namespaceOfSegment(namespace),
      name,
    }),
    [cluster.id, group, plural, namespace, name],
  );
  const kinds = useKinds(cluster.id);
  const { data, error, refetch } = useResource(target);
  useYamlKey(target, tab === 'yaml');
  const known = kinds.data?.kinds.find(
    one => one.group === target.group && one.plural === plural,
  );
  // Without the list of kinds the object can be looked at all the same.
  // Not whether it fails now: parts of the page ask for the kinds again.
  const areKindsRead = kinds.data !== undefined || kinds.errorUpdateCount > 0;
  const kind = known ?? (data && areKindsRead && unknownKind(target, data));
  return (
    <div className={shared.stack}>
      <ObjectPath cluster={cluster} kind={kind || undefined} target={target} />
      <ListStaleBanner cache={data?.cache} cluster={cluster} kind={known} />
      {error && !data?.isGone && (
        <ErrorPanel
          error={error}
          what={name}
          cluster={cluster.name}
          onRetry={() => refetch()}
        />
      )}
      {error && !data && (
        <HistoryTable target={target} clusterName={cluster.name} quietly />
      )}
      {!data && !error && <LoadingBlock />}
      {data && !kind && <LoadingBlock />}
      {data && kind && (
        <KnownObject
          // What is chosen on the page of one object is not of the next.
          key={JSON.stringify(target)}
          cluster={cluster}
          kind={kind}
          target={target}
          detail={data}
          tab={tab}
        />
      )}
    </div>
  );
}
