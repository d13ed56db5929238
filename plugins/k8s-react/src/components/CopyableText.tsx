import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import CheckIcon from '@material-ui/icons/Check';
import CopyIcon from '@material-ui/icons/FileCopyOutlined';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { QUIET_COLOR } from './quietColor';

/** Milliseconds that the button says that it was done. */
const DONE_MS = 2_000;

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    verticalAlign: 'middle',
    alignItems: 'center',
    gap: 4,
    maxWidth: '100%',
    minWidth: 0,
    '& button': { opacity: 0 },
    '&:hover button, &:focus-within button': { opacity: 1 },
    '@media (hover: none)': { '& button': { opacity: 1 } },
  },
  text: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    // Nothing hovers on a phone, so that what is cut off could not be read.
    '@media (max-width: 700px)': { whiteSpace: 'normal' },
  },
  button: {
    flex: 'none',
    display: 'inline-flex',
    padding: 2,
    border: 0,
    borderRadius: 4,
    background: 'none',
    color: QUIET_COLOR,
    cursor: 'pointer',
    '& svg': { fontSize: 14 },
    '&:hover': { color: 'var(--bui-fg-primary)' },
    '&:focus-visible': { outline: '2px solid var(--bui-ring)' },
  },
});

/** A name, id or image that can be copied. @public */
export function CopyableText(props: {
  text: string;
  /** What it is, for screen readers, e.g. `the image`. */
  what?: string;
  /** Shown in place of the text. */
  children?: ReactNode;
}) {
  const { text, what = text, children = text } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(false), DONE_MS);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <span className={classes.root}>
      <span className={classes.text} title={text}>
        {children}
      </span>
      <button
        type="button"
        className={classes.button}
        aria-label={done ? t('copy.done') : t('copy.label', { what })}
        onClick={event => {
          event.stopPropagation();
          navigator.clipboard.writeText(text).then(
            () => setDone(true),
            () => setDone(false),
          );
        }}
      >
        {done ? <CheckIcon aria-hidden /> : <CopyIcon aria-hidden />}
      </button>
    </span>
  );
}
