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
  /** Says that a piece of YAML cannot be read; undefined: it can. */
  onBroken: (id: string, message: string | undefined) => void;
  /** Names of namespaces that there are. */
  namespaces: readonly string[];
}

/** What a field knows of itself. */
export function optionsOf(uiSchema: UiSchema | undefined): FieldOptions {
  return getUiOptions(uiSchema) as unknown as FieldOptions;
}
