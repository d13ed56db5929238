import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

const useStyles = makeStyles({
  root: {
    minWidth: 0,
    width: '100%',
    border: '1px solid var(--bui-border-1)',
    borderRadius: 'var(--bui-radius-2)',
    background: 'var(--bui-bg-neutral-1)',
    overflow: 'hidden',
  },
  // Above the text, which it would hide a part of.
  bar: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: 'var(--bui-space-2)',
    padding: '2px 6px 2px var(--bui-space-3)',
    borderBottom: '1px solid var(--bui-border-1)',
    fontSize: 12,
    color: QUIET_COLOR,
  },
  code: {
    margin: 0,
    padding: 'var(--bui-space-3)',
    maxHeight: 320,
    overflow: 'auto',
    fontFamily: 'var(--bui-font-monospace)',
    fontSize: 12,
    lineHeight: '18px',
    '&:focus-visible': {
      outline: '2px solid var(--bui-ring)',
      outlineOffset: -2,
    },
  },
});

/** Text that is to be copied as it is. */
export function CodeBlock(props: { label: string; text: string }) {
  const { label, text } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={classes.root}>
      <div className={classes.bar}>
        <span aria-hidden>{label}</span>
        <Button
          size="small"
          variant="tertiary"
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
      {/* What scrolls has to be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={classes.code} tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
}
