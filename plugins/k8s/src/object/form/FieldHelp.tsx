import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useState } from 'react';
import { k8sTranslationRef } from '../../translation/k8sTranslationRef';
import { useFormStyles } from './useFormStyles';

/** The first sentence of a description. */
export function firstSentence(text: string): string {
  const line = text.split('\n', 1)[0].trim();
  const end = /^.{20,}?[.!?](?=\s)/.exec(line);
  return end ? end[0] : line;
}

/** What a field is for: its first sentence, all of it when asked for. */
export function FieldHelp(props: {
  id: string;
  text: string | undefined;
  /** What counts when nothing is said. */
  byDefault?: string;
}) {
  const { id, text = '', byDefault } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useFormStyles();
  const [isWhole, setWhole] = useState(false);
  const first = firstSentence(text);
  if (!text && byDefault === undefined) return null;
  return (
    <div id={`${id}__description`} className={classes.help}>
      {isWhole ? text : first}
      {first !== text.trim() && (
        <>
          {' '}
          <button
            type="button"
            className={classes.link}
            aria-expanded={isWhole}
            onClick={() => setWhole(!isWhole)}
          >
            {isWhole ? t('form.less') : t('form.more')}
          </button>
        </>
      )}
      {byDefault !== undefined && (
        <> {t('form.byDefault', { value: byDefault })}</>
      )}
    </div>
  );
}
