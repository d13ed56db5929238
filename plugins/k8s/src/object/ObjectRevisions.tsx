import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Checkbox } from '@backstage/ui';
import {
  DiffView,
  ErrorPanel,
  GuardedButton,
  RelativeTime,
  ResourceTable,
  useRevisions,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo, useState } from 'react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { actionReviews } from './objectActions';
import type { ObjectTabProps } from './ObjectTabContent';
import { RollBackObjectDialog } from './RollBackObjectDialog';

type Revision = Schema<'RevisionDetail'>;

const rowKey = ({ revision }: Revision) => String(revision);

/** The revisions of an object, newest first: two of them can be compared, an earlier one brought back. */
export function ObjectRevisions(props: ObjectTabProps) {
  const { cluster, kind, target } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [compared, setCompared] = useState<readonly number[]>([]);
  const [chosen, setChosen] = useState<Revision>();
  const { data, error, refetch } = useRevisions(target);
  const columns = useMemo<ResourceColumn<Revision>[]>(() => {
    // The third choice takes the place of the first.
    const toggle = (revision: number, isChosen: boolean) =>
      setCompared(previous =>
        isChosen
          ? [...previous, revision].slice(-2)
          : previous.filter(one => one !== revision),
      );
    return [
      {
        id: 'revision',
        title: t('deployments.revision'),
        weight: 1.2,
        cell: ({ revision, current }) => (
          <Checkbox
            aria-label={t('revisions.compareOne', {
              revision: String(revision),
            })}
            isSelected={compared.includes(revision)}
            onChange={isChosen => toggle(revision, isChosen)}
          >
            #{revision} {current && t('revisions.now')}
          </Checkbox>
        ),
      },
      {
        id: 'images',
        title: t('deployments.image'),
        weight: 4,
        phone: true,
        cell: ({ containers }) => {
          const images = containers.map(({ image }) => image);
          return <span title={images.join('\n')}>{images.join(', ')}</span>;
        },
      },
      {
        id: 'cause',
        title: t('object.cause'),
        weight: 2.4,
        cell: ({ changeCause }) => (
          <span title={changeCause}>{changeCause}</span>
        ),
      },
      {
        id: 'ready',
        title: t('deployments.ready'),
        weight: 1,
        align: 'end',
        cell: ({ ready, replicas }) =>
          replicas !== undefined && `${ready ?? 0}/${replicas}`,
      },
      {
        id: 'age',
        title: t('resources.age'),
        weight: 1,
        cell: ({ createdAt }) => (
          <RelativeTime at={createdAt} format="duration" />
        ),
      },
      {
        id: 'actions',
        title: t('common.actions'),
        weight: 1.2,
        align: 'end',
        phone: true,
        cell: revision =>
          !revision.current && (
            <GuardedButton
              size="small"
              variant="tertiary"
              aria-label={t('revisions.backTo', {
                revision: String(revision.revision),
              })}
              reviews={actionReviews('rollback', target)}
              onPress={() => setChosen(revision)}
            >
              {t('rollback.verb')}
            </GuardedButton>
          ),
      },
    ];
  }, [t, compared, target]);
  const [older, newer] = (data ?? [])
    .filter(({ revision }) => compared.includes(revision))
    .sort((left, right) => left.revision - right.revision);
  return (
    <div className={classes.stack}>
      {error && (
        <ErrorPanel
          error={error}
          what={t('deployments.revisions')}
          cluster={cluster.name}
          onRetry={() => refetch()}
        />
      )}
      {data?.length === 0 && (
        <p className={classes.quiet}>{t('object.noRevisions')}</p>
      )}
      {data?.length !== 0 && !(error && !data) && (
        <ResourceTable
          id="object-revisions"
          label={t('deployments.revisions')}
          columns={columns}
          rows={data}
          rowKey={rowKey}
          plain
        />
      )}
      {data && data.length > 1 && !newer && (
        <p className={classes.quiet}>{t('revisions.howToCompare')}</p>
      )}
      {newer && <DiffView before={older.template} after={newer.template} />}
      {chosen && (
        <RollBackObjectDialog
          cluster={cluster}
          kind={kind}
          target={target}
          revision={chosen}
          onClose={() => setChosen(undefined)}
        />
      )}
    </div>
  );
}
