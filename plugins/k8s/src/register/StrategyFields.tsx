import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { Select, PasswordField, TextAreaField, TextField } from '@backstage/ui';
import type { AccessFieldsProps } from './AccessForm';
import { EndpointFields, FIELD_PROPS } from './EndpointFields';
import { useLocalizedText } from './useLocalizedText';
import { useRegisterStyles } from './useRegisterStyles';

const LINES = 6;

/** One field of a way to sign in, as its description wants it. */
function StrategyField(props: {
  field: Schema<'AuthenticationStrategy'>['fields'][number];
  value: string;
  problem?: string;
  onChange: (value: string) => void;
}) {
  const { field, value, problem, onChange } = props;
  const classes = useRegisterStyles();
  const textOf = useLocalizedText();
  const common = {
    ...FIELD_PROPS,
    label: textOf(field.title),
    description: field.description && textOf(field.description),
    isRequired: !field.optional,
    validate: () => problem,
  };
  if (field.options) {
    return (
      <Select
        label={common.label}
        // Nothing chosen is not validated, so what is wrong with that is said here.
        description={problem ?? common.description}
        isRequired={common.isRequired}
        validationBehavior="aria"
        validate={common.validate}
        options={field.options.map(option => ({
          id: option.value,
          label: textOf(option.title),
        }))}
        value={value || null}
        onChange={key => onChange(String(key ?? ''))}
      />
    );
  }
  if (field.multiline) {
    return (
      <TextAreaField
        {...common}
        className={classes.monospace}
        rows={LINES}
        value={value}
        onChange={onChange}
      />
    );
  }
  return field.secret ? (
    <PasswordField
      {...common}
      // What a browser would offer to remember is not a new password of its user.
      autoComplete="new-password"
      value={value}
      onChange={onChange}
    />
  ) : (
    <TextField {...common} value={value} onChange={onChange} />
  );
}

/** Address, CA and whatever the chosen way to sign in needs. */
export function StrategyFields(props: AccessFieldsProps) {
  const { access, problems, onEdit } = props;
  const { strategy, fields } = access;
  if (!strategy) return null;
  return (
    <>
      <EndpointFields {...props} />
      {strategy.fields.map(field => (
        <StrategyField
          // Another way to sign in must not take over what was typed.
          key={`${strategy.id} ${field.name}`}
          field={field}
          value={fields[field.name] ?? ''}
          problem={problems.fields?.[field.name]}
          onChange={value =>
            onEdit({ fields: { ...fields, [field.name]: value } })
          }
        />
      ))}
    </>
  );
}
