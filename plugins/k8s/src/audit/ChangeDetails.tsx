import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { CopyableText } from '@backstage-k8s/plugin-k8s-react';
import { stringify } from 'yaml';
import { CodeBlock } from '../pages/CodeBlock';
import { Section } from '../pages/Section';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AuditEntry } from './auditFilter';

/** All that is known of one change. */
export function ChangeDetails(props: {
  entry: AuditEntry;
  onClose: () => void;
}) {
  const { entry, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  return (
    <Section
      title={`${entry.action} · ${new Date(entry.at).toLocaleString()}`}
      actions={
        <Button size="small" variant="tertiary" onPress={onClose}>
          {t('common.close')}
        </Button>
      }
    >
      <div className={classes.stack}>
        {entry.reason && <span>{entry.reason}</span>}
        {entry.requestId && (
          <span className={classes.quiet}>
            {t('changes.request')} <CopyableText text={entry.requestId} />
          </span>
        )}
        {entry.details && (
          <CodeBlock
            label={t('changes.details')}
            text={stringify(entry.details).trimEnd()}
          />
        )}
      </div>
    </Section>
  );
}
