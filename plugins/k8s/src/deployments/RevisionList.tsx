import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Checkbox } from '@backstage/ui';
import {
  GuardedButton,
  QUIET_COLOR,
  RelativeTime,
} from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { deploymentRef, deploymentReview } from './deploymentChanges';
import { mainVersion } from './deploymentFacts';
import type { DeploymentDetail, Revision } from './deploymentFacts';
import type { DeploymentCluster } from './DeploymentPanel';
import { RevisionDiff } from './RevisionDiff';
import { RollbackDialog } from './RollbackDialog';

const useStyles = makeStyles({
  // Framed as the tables are.
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    fontSize: 13,
    border: '1px solid var(--bui-border-1)',
    borderRadius: 'var(--bui-radius-2)',
    background: 'var(--bui-bg-neutral-1)',
  },
  item: {
    display: 'grid',
    gridTemplateColumns: '28px 52px 150px 100px 110px minmax(0, 1fr) 100px',
    alignItems: 'center',
    gap: 'var(--bui-space-3)',
    minHeight: 28,
    // A button must not make its row higher than others.
    '& button[class*="bui-Button"]': { height: 24, fontSize: 12 },
    '& > :last-child': { textAlign: 'end' },
    '& strong': { overflow: 'hidden', textOverflow: 'ellipsis' },
    padding: '0 8px',
    borderBottom: '1px solid var(--bui-border-1)',
    '&:last-child': { borderBottom: 0 },
    '@media (max-width: 700px)': {
      gridTemplateColumns: '28px 48px 1fr max-content',
      '& [data-wide]': { display: 'none' },
    },
  },
  cause: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: QUIET_COLOR,
  },
  diff: { marginTop: 'var(--bui-space-3)' },
});

/** The revisions of a deployment, newest first: two of them can be compared, an earlier one brought back. */
export function RevisionList(props: {
  detail: DeploymentDetail;
  cluster: DeploymentCluster;
}) {
  const { detail, cluster } = props;
  const classes = useStyles();
  const shared = useSectionStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const [compared, setCompared] = useState<readonly number[]>([]);
  const [target, setTarget] = useState<Revision>();
  const reviews = [deploymentReview('resource.update', { detail, cluster })];
  // The third choice takes the place of the first.
  const toggle = (revision: number, isChosen: boolean) =>
    setCompared(previous =>
      isChosen
        ? [...previous, revision].slice(-2)
        : previous.filter(one => one !== revision),
    );
  const [older, newer] = detail.revisions
    .filter(({ revision }) => compared.includes(revision))
    .sort((left, right) => left.revision - right.revision);
  return (
    <>
      <ul className={classes.list}>
        {detail.revisions.map(revision => (
          <li key={revision.revision} className={classes.item}>
            <Checkbox
              aria-label={t('revisions.compareOne', {
                revision: String(revision.revision),
              })}
              isSelected={compared.includes(revision.revision)}
              onChange={isChosen => toggle(revision.revision, isChosen)}
            />
            <span>
              <span aria-hidden>{revision.current ? '● ' : '○ '}</span>#
              {revision.revision}
            </span>
            <strong
              title={revision.containers.map(({ image }) => image).join('\n')}
            >
              {mainVersion(revision.containers)}
            </strong>
            <span data-wide>
              {revision.current ? (
                t('revisions.now')
              ) : (
                <RelativeTime at={revision.createdAt} />
              )}
            </span>
            <span data-wide>
              {revision.replicas
                ? t('deployments.someReady', {
                    ready: String(revision.ready ?? 0),
                    replicas: String(revision.replicas),
                  })
                : ''}
            </span>
            <span
              data-wide
              className={classes.cause}
              title={revision.changeCause}
            >
              {revision.changeCause}
            </span>
            <span>
              {!revision.current && (
                <GuardedButton
                  size="small"
                  variant="tertiary"
                  aria-label={t('revisions.backTo', {
                    revision: String(revision.revision),
                  })}
                  reviews={reviews}
                  onPress={() => setTarget(revision)}
                >
                  {t('rollback.verb')}
                </GuardedButton>
              )}
            </span>
          </li>
        ))}
      </ul>
      {detail.revisions.length > 1 && !newer && (
        <p className={shared.quiet}>{t('revisions.howToCompare')}</p>
      )}
      {newer && (
        <div className={classes.diff}>
          <RevisionDiff
            target={deploymentRef({ detail, cluster })}
            cluster={cluster.name}
            older={older.revision}
            newer={newer.revision}
          />
        </div>
      )}
      {target && (
        <RollbackDialog
          detail={detail}
          cluster={cluster}
          revision={target}
          onClose={() => setTarget(undefined)}
        />
      )}
    </>
  );
}
