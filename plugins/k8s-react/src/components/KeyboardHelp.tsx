import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Dialog, DialogBody, DialogHeader } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import { useEffect, useState } from 'react';
import { isPageKey } from '../table/useTableKeys';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';

const KEYS = [
  ['/', 'keyboard.search'],
  ['f', 'keyboard.filter'],
  ['j', 'keyboard.next'],
  ['k', 'keyboard.previous'],
  ['Enter', 'keyboard.open'],
  ['e', 'keyboard.yaml'],
  ['Esc', 'keyboard.leave'],
  ['?', 'keyboard.help'],
] as const;

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'max-content 1fr',
    gap: 'var(--bui-space-2) var(--bui-space-4)',
    margin: 0,
    '& dd': { margin: 0 },
    '& kbd': {
      padding: '1px 6px',
      border: '1px solid var(--bui-border-2)',
      borderRadius: 4,
      fontFamily: 'var(--bui-font-monospace)',
    },
  },
});

/** The list of keys, which `?` opens. Once on each page. @public */
export function KeyboardHelp() {
  const classes = useStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '?' && isPageKey(event)) setOpen(true);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <Dialog isOpen={isOpen} onOpenChange={setOpen} isDismissable width={420}>
      <DialogHeader>{t('keyboard.title')}</DialogHeader>
      <DialogBody>
        <dl className={classes.list}>
          {KEYS.map(([key, words]) => [
            <dt key={key}>
              <kbd>{key}</kbd>
            </dt>,
            <dd key={words}>{t(words)}</dd>,
          ])}
        </dl>
      </DialogBody>
    </Dialog>
  );
}
