import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ariaDescribedByIds } from '@rjsf/utils';
import type { FieldProps, WidgetProps } from '@rjsf/utils';
import { k8sTranslationRef } from '../../translation/k8sTranslationRef';
import { isProblemSaid, optionsOf } from './FormContext';
import type { FormContext } from './FormContext';
import { useFormStyles } from './useFormStyles';

function Choice(props: {
  id: string;
  label?: string;
  value: string;
  choices: readonly { value: string; label: string }[];
  isRequired?: boolean;
  isInvalid: boolean;
  onChange: (value: string) => void;
  onBlur: () => void;
}) {
  const { id, label, value, choices, onChange, onBlur } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useFormStyles();
  return (
    <select
      id={id}
      className={classes.control}
      aria-label={label}
      aria-required={props.isRequired}
      aria-invalid={props.isInvalid}
      aria-describedby={ariaDescribedByIds(id)}
      value={value}
      onChange={event => onChange(event.target.value)}
      onBlur={onBlur}
    >
      <option value="">{t('form.notSet')}</option>
      {choices.map(choice => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

/** One of few values, or none. */
export function ChoiceInput(props: WidgetProps) {
  const { id, value, options, onChange, onBlur, uiSchema, label } = props;
  const { required, rawErrors, formContext } = props;
  const { path } = optionsOf(uiSchema);
  const choices = (options.enumOptions ?? []).map(choice => ({
    value: String(choice.value),
    label: choice.label,
  }));
  return (
    <Choice
      id={id}
      label={typeof path.at(-1) === 'number' ? label : undefined}
      value={value ?? ''}
      choices={choices}
      isRequired={required}
      isInvalid={isProblemSaid(formContext as FormContext, {
        ...{ id, value, rawErrors },
      })}
      onChange={chosen => onChange(chosen === '' ? undefined : chosen)}
      onBlur={() => onBlur(id, value)}
    />
  );
}

/** Yes, no, or not said: that is not the same as no where the cluster has another default. */
export function BooleanField(props: FieldProps) {
  const { idSchema, formData, onChange, onBlur } = props;
  const { required, rawErrors, formContext } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const id = idSchema.$id;
  return (
    <Choice
      id={id}
      value={typeof formData === 'boolean' ? String(formData) : ''}
      choices={[
        { value: 'true', label: t('form.yes') },
        { value: 'false', label: t('form.no') },
      ]}
      isRequired={required}
      isInvalid={isProblemSaid(formContext as FormContext, {
        ...{ id, value: formData, rawErrors },
      })}
      onChange={chosen =>
        onChange(chosen === '' ? undefined : chosen === 'true')
      }
      onBlur={() => onBlur(id, formData)}
    />
  );
}
