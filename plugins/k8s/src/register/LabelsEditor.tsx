import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonIcon, TextField } from '@backstage/ui';
import RemoveIcon from '@material-ui/icons/Close';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { labelProblem } from './DetailsDraft';
import type { LabelDraft } from './DetailsDraft';
import { useRegisterStyles } from './useRegisterStyles';

/** Keys and values, row by row. */
export function LabelsEditor(props: {
  labels: LabelDraft[];
  /** What the server says of them. */
  problem?: string;
  onChange: (labels: LabelDraft[]) => void;
}) {
  const { labels, problem, onChange } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const edit = (id: number, change: Partial<LabelDraft>) =>
    onChange(
      labels.map(label => (label.id === id ? { ...label, ...change } : label)),
    );
  return (
    <fieldset className={`${classes.fields} ${classes.stack}`}>
      <legend>{t('register.labels')}</legend>
      <p className={classes.quiet}>{t('register.labelsHelp')}</p>
      {problem && <p role="alert">{problem}</p>}
      {labels.map((label, index) => {
        const { id, key, value } = label;
        const wrong = labelProblem(label, labels);
        const number = String(index + 1);
        return (
          <div key={id} className={classes.labelRow}>
            <TextField
              aria-label={t('register.labelKey', { number })}
              value={key}
              onChange={text => edit(id, { key: text })}
              autoComplete="off"
              spellCheck="false"
              validationBehavior="aria"
              isInvalid={Boolean(wrong?.key)}
              validate={() => wrong?.key && t(wrong.key)}
            />
            <TextField
              aria-label={
                key
                  ? t('register.labelValueOf', { key })
                  : t('register.labelValue', { number })
              }
              value={value}
              onChange={text => edit(id, { value: text })}
              autoComplete="off"
              spellCheck="false"
              validationBehavior="aria"
              isInvalid={Boolean(wrong?.value)}
              validate={() => wrong?.value && t(wrong.value)}
            />
            <ButtonIcon
              variant="tertiary"
              aria-label={t('register.labelRemove', { key: key || number })}
              icon={<RemoveIcon fontSize="small" />}
              onPress={() => onChange(labels.filter(one => one.id !== id))}
            />
          </div>
        );
      })}
      <div>
        <Button
          size="small"
          variant="secondary"
          onPress={() =>
            onChange([
              ...labels,
              {
                id: Math.max(-1, ...labels.map(({ id }) => id)) + 1,
                key: '',
                value: '',
              },
            ])
          }
        >
          {t('register.labelAdd')}
        </Button>
      </div>
    </fieldset>
  );
}
