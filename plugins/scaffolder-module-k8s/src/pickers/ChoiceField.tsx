import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { ScaffolderField } from '@backstage/plugin-scaffolder-react/alpha';
import TextField from '@material-ui/core/TextField';
import Autocomplete, {
  createFilterOptions,
} from '@material-ui/lab/Autocomplete';
import { useState } from 'react';

const likeText = createFilterOptions<string>();

/** A field of a template's form that is one of several texts. */
export function ChoiceField(
  props: Pick<
    FieldExtensionComponentProps<string>,
    | 'disabled'
    | 'formData'
    | 'idSchema'
    | 'onChange'
    | 'rawErrors'
    | 'required'
    | 'schema'
  > & {
    /** Absent outside of a form. */
    errors?: FieldExtensionComponentProps<string>['errors'];
    title: string;
    options: string[];
    isLoading: boolean;
    /** Why the options could not be read. */
    problem: string | undefined;
    /** What to do, where there is nothing to choose. */
    hint: string | undefined;
    /** Whether anything may be typed; absent: only the options. */
    allowNew?: boolean;
  },
) {
  const { allowNew = false, disabled, formData, hint, idSchema } = props;
  const { isLoading, onChange, options, problem, required, title } = props;
  const errors = [...(props.rawErrors ?? []), ...(problem ? [problem] : [])];
  const [isTyping, setIsTyping] = useState(false);
  // A value that is not among the options stays visible, e.g. that of a link to the form.
  const choices =
    allowNew || !formData || options.includes(formData)
      ? options
      : [formData, ...options];
  return (
    <ScaffolderField
      rawErrors={errors}
      rawDescription={hint ?? props.schema.description}
      required={required}
      disabled={disabled}
      errors={props.errors}
    >
      <Autocomplete
        id={idSchema?.$id}
        options={choices}
        value={formData || null}
        disabled={disabled}
        loading={isLoading}
        freeSolo={allowNew}
        onChange={(_, value) => {
          setIsTyping(false);
          onChange(value ?? undefined);
        }}
        // What was typed counts at once: an option that is only like it is not what was meant.
        onInputChange={(_, text, reason) => {
          if (!allowNew || reason !== 'input') return;
          setIsTyping(true);
          onChange(text || undefined);
        }}
        onClose={() => setIsTyping(false)}
        // Without this a text that counts already would be taken for a choice, and all be offered.
        filterOptions={(all, state) =>
          likeText(
            all,
            isTyping ? { ...state, inputValue: formData ?? '' } : state,
          )
        }
        renderInput={params => (
          <TextField
            {...params}
            label={title}
            margin="dense"
            variant="outlined"
            required={required}
            error={errors.length > 0}
          />
        )}
      />
    </ScaffolderField>
  );
}
