import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, TextAreaField } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import { useRef, useState } from 'react';
import type { DragEvent } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** Characters that the API takes. */
const MOST = 1_000_000;

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'stretch',
    gap: 'var(--bui-space-2)',
    borderRadius: 'var(--bui-radius-2)',
    '& textarea': { fontFamily: 'var(--bui-font-monospace)', fontSize: 12 },
    '& > button': { alignSelf: 'flex-start' },
  },
  over: { outline: '2px dashed var(--bui-ring)', outlineOffset: 4 },
});

/** Takes a kubeconfig by pasting, dropping or choosing a file. */
export function KubeconfigField(props: {
  value: string;
  onChange: (kubeconfig: string) => void;
}) {
  const { value, onChange } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [isTooLarge, setTooLarge] = useState(false);
  const read = async (file: File | undefined) => {
    if (!file) return;
    setTooLarge(file.size > MOST);
    if (file.size <= MOST) onChange(await file.text());
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    read(event.dataTransfer.files[0]);
  };
  return (
    <div
      className={`${classes.root} ${isOver ? classes.over : ''}`}
      onDragOver={event => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <TextAreaField
        label={t('register.kubeconfig')}
        description={
          isTooLarge ? t('register.tooLarge') : t('register.kubeconfigExplain')
        }
        isInvalid={isTooLarge}
        rows={10}
        value={value}
        onChange={onChange}
        autoComplete="off"
        spellCheck="false"
      />
      <Button
        size="small"
        variant="secondary"
        onPress={() => input.current?.click()}
      >
        {t('register.chooseFile')}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('register.chooseFile')}
        onChange={event => {
          read(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
    </div>
  );
}
