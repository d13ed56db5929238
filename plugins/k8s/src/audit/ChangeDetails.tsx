import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { CopyableText } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { CodeBlock } from '../pages/CodeBlock';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AuditEntry } from './auditFilter';
import { OutcomeLabel } from './OutcomeLabel';

const useStyles = makeStyles({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: '4px var(--bui-space-4)',
    margin: '0 0 var(--bui-space-3)',
    whiteSpace: 'normal',
    overflowWrap: 'anywhere',
    '& dt': { color: 'var(--bui-fg-secondary)' },
    '& dd': { margin: 0 },
  },
});

/** The id by which a row's details are found. */
export function detailsId({ id }: AuditEntry): string {
  return `change-${id}`;
}

/** All that is known of one change. */
export function ChangeDetails({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const { quiet } = useSectionStyles();
  const { at, actor, action, outcome, reason, requestId, details } = entry;
  const facts = [
    [t('changes.exact'), new Date(at).toLocaleString()],
    [t('changes.who'), <CopyableText key="who" text={actor} />],
    [t('changes.action'), action],
    [
      t('changes.result'),
      <>
        <OutcomeLabel outcome={outcome} /> {reason}
      </>,
    ],
    requestId && [
      t('changes.id'),
      <CopyableText key="id" text={requestId} what={t('changes.id')} />,
    ],
  ].filter(fact => Array.isArray(fact));
  return (
    <div id={detailsId(entry)}>
      <dl className={classes.facts}>
        {facts.map(([term, value]) => [
          <dt key="term">{term}</dt>,
          <dd key="value">{value}</dd>,
        ])}
      </dl>
      {details && Object.keys(details).length > 0 ? (
        <CodeBlock
          label={t('changes.details')}
          text={JSON.stringify(details, undefined, 2)}
        />
      ) : (
        <span className={quiet}>{t('changes.noDetails')}</span>
      )}
    </div>
  );
}
