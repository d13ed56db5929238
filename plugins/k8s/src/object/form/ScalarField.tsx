import { ariaDescribedByIds } from '@rjsf/utils';
import type { FieldProps } from '@rjsf/utils';
import { isProblemSaid, optionsOf } from './FormContext';
import type { FormContext } from './FormContext';
import { useFormStyles } from './useFormStyles';

/** A whole number as people write one; anything longer or with leading zeros is a text. */
const WHOLE_NUMBER = /^(0|-?[1-9]\d{0,14})$/;

/** A text or a number: a port and a port's name, a quantity, a percentage. */
export function ScalarField(props: FieldProps) {
  const { idSchema, schema, uiSchema, formData, onChange, onBlur } = props;
  const { required, rawErrors } = props;
  const classes = useFormStyles();
  const { path } = optionsOf(uiSchema);
  const id = idSchema.$id;
  return (
    <input
      id={id}
      className={classes.control}
      aria-label={typeof path.at(-1) === 'number' ? schema.title : undefined}
      aria-required={required}
      aria-invalid={isProblemSaid(props.formContext as FormContext, {
        ...{ id, value: formData, rawErrors },
      })}
      aria-describedby={ariaDescribedByIds(id)}
      autoComplete="off"
      spellCheck={false}
      value={formData ?? ''}
      onChange={({ target: { value } }) => {
        if (value === '') onChange(undefined);
        else onChange(WHOLE_NUMBER.test(value) ? Number(value) : value);
      }}
      onBlur={() => onBlur(id, formData)}
    />
  );
}
