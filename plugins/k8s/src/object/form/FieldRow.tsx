import type { FieldTemplateProps } from '@rjsf/utils';
import type { ReactNode } from 'react';
import { FieldHelp } from './FieldHelp';
import { isProblemSaid, optionsOf } from './FormContext';
import type { FormContext } from './FormContext';
import { useFormStyles } from './useFormStyles';

/** Shapes that are more than one control. */
const GROUPS = ['list', 'map', 'yaml'];

/** A field with its label, what it is for, and what is wrong with it. */
export function FieldRow(props: FieldTemplateProps) {
  const { id, label, required, rawErrors = [], rawDescription } = props;
  const { children, uiSchema, formData } = props;
  const classes = useFormStyles();
  const { shape, path, byDefault } = optionsOf(uiSchema);
  if (shape === 'section') return children;
  const isGroup = GROUPS.includes(shape);
  const isItem = typeof path.at(-1) === 'number';
  const field = { id, value: formData, rawErrors };
  const isSaid = isProblemSaid(props.formContext as FormContext, field);
  const errors = isSaid ? [...new Set(rawErrors)] : [];
  const words: ReactNode = (
    <>
      {label}
      {required && (
        <span className={classes.required} aria-hidden>
          {' *'}
        </span>
      )}
    </>
  );
  return (
    <div
      className={isGroup ? classes.wide : classes.cell}
      {...(isGroup && { role: 'group', 'aria-labelledby': `${id}__label` })}
    >
      {!isItem && isGroup && (
        <div className={classes.groupHead}>
          <span id={`${id}__label`} className={classes.groupLabel}>
            {words}
          </span>
          <FieldHelp id={id} text={rawDescription} />
        </div>
      )}
      {!isItem && !isGroup && (
        <label htmlFor={id} className={classes.label}>
          {words}
        </label>
      )}
      {children}
      {errors.length > 0 && (
        <div id={`${id}__error`} className={classes.error} role="status">
          {errors.join('. ')}
        </div>
      )}
      {!isGroup && !isItem && (
        <FieldHelp id={id} text={rawDescription} byDefault={byDefault} />
      )}
    </div>
  );
}
