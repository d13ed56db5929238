import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { CopyableText, DiffView } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { DetailFacts } from '../audit/DetailFacts';
import type { Facts } from '../audit/DetailFacts';
import { OutcomeLabel } from '../audit/OutcomeLabel';
import { useDescribeChange } from '../audit/useDescribeChange';
import { useSectionStyles } from '../pages/useSectionStyles';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { HistoryEntry } from './HistoryEntry';
import { isBeyondKept } from './isBeyondKept';

const useStyles = makeStyles({
  note: { margin: 'var(--bui-space-2) 0 0', whiteSpace: 'normal' },
});

/** The id by which a row's details are found. */
export function historyDetailsId({ id }: HistoryEntry): string {
  return `history-${id}`;
}

const exact = (at: string) => new Date(at).toLocaleString();

/** The fields that differ as two texts, one line a field. */
function Differences({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const { quiet } = useSectionStyles();
  const { changes, omitted } = entry;
  const { before, after, onlySet, beyond } = useMemo(() => {
    const kept = changes.filter(
      change => 'before' in change || 'after' in change,
    );
    const shown = kept.filter(change => !isBeyondKept(change));
    const side = (name: 'before' | 'after') =>
      Object.fromEntries(
        shown
          .filter(change => name in change)
          .map(change => [
            change.field,
            change.hidden ? t('history.hidden') : change[name],
          ]),
      );
    return {
      before: side('before'),
      after: side('after'),
      onlySet: changes.filter(change => !kept.includes(change)),
      beyond: kept.filter(isBeyondKept),
    };
  }, [changes, t]);
  const isAny = Object.keys(before).length > 0 || Object.keys(after).length > 0;
  return (
    <>
      {isAny && (
        <DiffView
          label={t('history.differences')}
          before={Object.keys(before).length > 0 ? before : undefined}
          after={Object.keys(after).length > 0 ? after : undefined}
        />
      )}
      {beyond.map(({ field }) => (
        <p key={field} className={classes.note}>
          {t('history.beyondKept', { field })}
        </p>
      ))}
      {onlySet.map(({ field }) => (
        <p key={field} className={classes.note}>
          {t('history.valuesSet', { field })}
        </p>
      ))}
      {omitted > 0 && (
        <p className={`${classes.note} ${quiet}`}>
          {t('history.omitted', { count: omitted })}
        </p>
      )}
    </>
  );
}

/** All that is known of one change of an object. */
export function HistoryDetails(props: {
  entry: HistoryEntry;
  /** Cluster id. */
  cluster: string;
  name: string;
}) {
  const { entry, cluster, name } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const describe = useDescribeChange();
  const { at, audit, managers, notBefore, resourceVersion } = entry;
  const search = new URLSearchParams({ search: name, entry: audit?.id ?? '' });
  const facts: Facts = [
    [
      t('changes.exact'),
      notBefore
        ? t('history.between', { from: exact(notBefore), to: exact(at) })
        : exact(at),
    ],
    ...managers.map((one): Facts[number] => [
      t('history.manager'),
      <>
        <CopyableText text={one.manager} />
        {one.subresource && ` (${one.subresource})`}
        {one.operation === 'Apply' && ` · ${t('history.applied')}`}
      </>,
    ]),
    resourceVersion && [
      t('history.version'),
      <CopyableText key="version" text={resourceVersion} />,
    ],
    audit && [
      t('history.request'),
      <>
        <Link to={`${links.cluster(cluster, 'changes')}?${search}`}>
          {describe(audit)}
        </Link>{' '}
        <OutcomeLabel outcome={audit.outcome} reason={audit.reason} />
      </>,
    ],
  ];
  return (
    <div id={historyDetailsId(entry)}>
      <DetailFacts facts={facts} />
      <Differences entry={entry} />
    </div>
  );
}
