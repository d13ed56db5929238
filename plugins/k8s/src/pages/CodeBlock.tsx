import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

const useStyles = makeStyles({
  root: { position: 'relative', minWidth: 0, width: '100%' },
  code: {
    margin: 0,
    padding: 'var(--bui-space-3)',
    maxHeight: 320,
    overflow: 'auto',
    border: '1px solid var(--bui-border-1)',
    borderRadius: 'var(--bui-radius-2)',
    background: 'var(--bui-bg-neutral-1)',
    fontFamily: 'var(--bui-font-monospace)',
    fontSize: 12,
    lineHeight: '18px',
    '&:focus-visible': { outline: '2px solid var(--bui-ring)' },
  },
  copy: { position: 'absolute', top: 6, right: 14 },
});

/** Text that is to be copied as it is. */
export function CodeBlock(props: { label: string; text: string }) {
  const { label, text } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={classes.root}>
      {/* What scrolls has to be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={classes.code} tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <Button
        className={classes.copy}
        size="small"
        variant="secondary"
        onPress={() =>
          navigator.clipboard.writeText(text).then(
            () => setCopied(true),
            () => setCopied(false),
          )
        }
      >
        {isCopied ? t('common.copied') : t('common.copy')}
      </Button>
    </div>
  );
}
