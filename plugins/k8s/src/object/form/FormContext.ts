import { getUiOptions } from '@rjsf/utils';
import type { UiSchema } from '@rjsf/utils';
import type { FieldOptions } from './formSchema';
import type { FieldPath } from './fieldPath';

/** What the parts of the form ask of the whole; rjsf hands it to each. */
export interface FormContext {
  /** Opens or closes a section. */
  toggle: (path: FieldPath, isOpen: boolean) => void;
  /** Shows all fields of a section, or only the first. */
  reveal: (path: FieldPath, isRevealed: boolean) => void;
  /** Ids of fields that were left: what is missing there is said. */
  left: ReadonlySet<string>;
  /** What is written as YAML in a field and cannot be read; undefined: nothing. */
  draftOf: (path: FieldPath) => string | undefined;
  /** Keeps what cannot be read, so that it is there again when the field is shown anew; undefined: it can be. */
  onDraft: (path: FieldPath, text: string | undefined) => void;
  /** Says that items of a list are other ones now; `order`: for each its place before. */
  onReorder: (list: FieldPath, order: readonly number[]) => void;
  /** Says whether something that is to be seen in a field is not taken over. */
  onBroken: (id: string, isBroken: boolean) => void;
  /** Names of namespaces that there are. */
  namespaces: readonly string[];
}

/** What a field knows of itself. */
export function optionsOf(uiSchema: UiSchema | undefined): FieldOptions {
  return getUiOptions(uiSchema) as unknown as FieldOptions;
}

/** Whether it is said what is wrong with a field: of what is missing once somebody was there. */
export function isProblemSaid(
  { left }: FormContext,
  field: { id: string; value: unknown; rawErrors?: readonly string[] },
): boolean {
  const { id, value, rawErrors = [] } = field;
  const isEmpty = value === undefined || value === '';
  return rawErrors.length > 0 && (!isEmpty || left.has(id));
}
