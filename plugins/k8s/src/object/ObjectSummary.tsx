import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { CopyableText, RelativeTime } from '@backstage-k8s/plugin-k8s-react';
import { Section } from '../pages/Section';
import { useSectionStyles } from '../pages/useSectionStyles';
import { CellText } from '../resources/CellText';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { ConditionTable } from './ConditionTable';
import { conditionsOf } from './conditions';
import { FactList } from './FactList';
import { ObjectOwners } from './ObjectOwners';
import type { ObjectTabProps } from './ObjectTabContent';
import { TextEntries } from './TextEntries';

/** What is said of states that are worth a word. */
const STATES = {
  degraded: { status: 'danger', words: 'object.states.degraded' },
  progressing: { status: 'info', words: 'object.states.progressing' },
  suspended: { status: 'warning', words: 'object.states.suspended' },
} as const;

/** First what is wrong and why, or what is being done; nothing where all is well. */
function HealthSentence({ detail }: Pick<ObjectTabProps, 'detail'>) {
  const { object, row } = detail;
  const { health, deleting } = row;
  const { t } = useTranslationRef(k8sTranslationRef);
  const { deletionTimestamp, finalizers } = object.metadata;
  if (deleting) {
    const waiting = Array.isArray(finalizers) ? finalizers.join(', ') : '';
    return (
      <Alert
        role="status"
        status="warning"
        icon
        title={
          <>
            {t('object.deletingSince')} <RelativeTime at={deletionTimestamp} />
          </>
        }
        description={waiting && t('object.finalizers', { names: waiting })}
      />
    );
  }
  const state =
    health.state in STATES
      ? STATES[health.state as keyof typeof STATES]
      : undefined;
  if (!state) return null;
  return (
    <Alert
      role="status"
      status={state.status}
      icon
      title={health.word ?? t(state.words)}
      description={health.reason}
    />
  );
}

/** What can be said of an object of any kind: how it is doing, its columns, conditions, labels, annotations and owners. */
export function ObjectSummary(props: ObjectTabProps) {
  const { kind, target, detail } = props;
  const { object, row, columns } = detail;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const conditions = conditionsOf(object);
  const { labels = {}, annotations = {}, ownerReferences } = object.metadata;
  return (
    <div className={classes.stack}>
      <HealthSentence detail={detail} />
      <div className={classes.columns}>
        <Section title={kind.kind}>
          <FactList
            facts={[
              ...columns.map(({ title, type }, index) => {
                const value = row.cells[index];
                const isEmpty =
                  value === null ||
                  value === '' ||
                  (Array.isArray(value) && value.length === 0);
                return [
                  title,
                  isEmpty ? null : <CellText type={type} value={value} />,
                ] as const;
              }),
              [
                t('resources.owner'),
                ownerReferences?.length ? (
                  <ObjectOwners object={object} target={target} />
                ) : null,
              ],
              [
                t('object.created'),
                row.createdAt ? <RelativeTime at={row.createdAt} /> : null,
              ],
              ['UID', row.uid ? <CopyableText text={row.uid} /> : null],
            ]}
          />
        </Section>
        <div className={classes.stack}>
          <Section title={t('resources.labels')}>
            {Object.keys(labels).length > 0 ? (
              <TextEntries entries={labels} />
            ) : (
              <p className={classes.quiet}>{t('object.noLabels')}</p>
            )}
          </Section>
          {Object.keys(annotations).length > 0 && (
            <Section title={t('object.annotations')}>
              <TextEntries entries={annotations} />
            </Section>
          )}
        </div>
      </div>
      {conditions.length > 0 && (
        <Section title={t('object.conditions')}>
          <ConditionTable conditions={conditions} />
        </Section>
      )}
    </div>
  );
}
