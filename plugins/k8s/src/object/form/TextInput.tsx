import { ariaDescribedByIds, getInputProps } from '@rjsf/utils';
import type { BaseInputTemplateProps } from '@rjsf/utils';
import { useFormStyles } from './useFormStyles';
import { isProblemSaid, optionsOf } from './FormContext';
import type { FormContext } from './FormContext';

const NAMESPACE = JSON.stringify(['metadata', 'namespace']);

/** One line of text, or a number. */
export function TextInput(props: BaseInputTemplateProps) {
  const { id, value, required, schema, type, options, rawErrors } = props;
  const { onChange, onChangeOverride, onBlur, onFocus, uiSchema, label } =
    props;
  const context = props.formContext as FormContext;
  const { namespaces } = context;
  const classes = useFormStyles();
  const { path, byDefault } = optionsOf(uiSchema);
  const input = getInputProps(schema, type, options);
  const isNamespace = JSON.stringify(path) === NAMESPACE;
  return (
    <>
      <input
        id={id}
        name={id}
        className={classes.control}
        type={input.type}
        step={input.step}
        min={input.min}
        max={input.max}
        list={isNamespace ? `${id}__choices` : undefined}
        // In a list there is no label to see.
        aria-label={typeof path.at(-1) === 'number' ? label : undefined}
        aria-required={required}
        aria-invalid={isProblemSaid(context, { id, value, rawErrors })}
        aria-describedby={ariaDescribedByIds(id)}
        autoComplete="off"
        spellCheck={false}
        placeholder={byDefault}
        value={value ?? ''}
        onChange={
          onChangeOverride ??
          (event =>
            onChange(
              event.target.value === ''
                ? options.emptyValue
                : event.target.value,
            ))
        }
        onBlur={event => onBlur(id, event.target.value)}
        onFocus={event => onFocus(id, event.target.value)}
      />
      {isNamespace && (
        <datalist id={`${id}__choices`}>
          {namespaces.map(name => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
    </>
  );
}
