import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { CopyableText } from '@backstage-k8s/plugin-k8s-react';
import { CodeBlock } from '../pages/CodeBlock';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AuditEntry } from './auditFilter';
import { DetailFacts } from './DetailFacts';
import type { Facts } from './DetailFacts';
import { OutcomeLabel } from './OutcomeLabel';

/** The id by which a row's details are found. */
export function detailsId({ id }: AuditEntry): string {
  return `change-${id}`;
}

/** All that is known of one change. */
export function ChangeDetails({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const { quiet } = useSectionStyles();
  const { at, actor, action, outcome, reason, requestId, details } = entry;
  const facts: Facts = [
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
  ];
  return (
    <div id={detailsId(entry)}>
      <DetailFacts facts={facts} />
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
