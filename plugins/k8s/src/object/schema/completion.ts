import type {
  Completion,
  CompletionContext,
  CompletionResult,
} from '@codemirror/autocomplete';
import { optionsAt, placeIn } from './completeManifest';
import type { JsonSchema } from './JsonSchema';

/** Required fields come first. */
const REQUIRED_BOOST = 10;

/** What the editor offers where the cursor is. */
export function completeManifest(
  context: CompletionContext,
  schema: JsonSchema | undefined,
): CompletionResult | null {
  if (!schema) return null;
  const { pos, state, explicit } = context;
  const place = placeIn(state.doc.toString(), pos);
  // Not at each new line, but as soon as somebody writes, or asks.
  if (!place || (place.from === pos && !explicit)) return null;
  const options = optionsAt(schema, place).map(
    (option): Completion => ({
      label: option.label,
      apply: option.text,
      detail: option.detail,
      info: option.info,
      type: place.field === undefined ? 'property' : 'enum',
      boost: option.isRequired ? REQUIRED_BOOST : 0,
    }),
  );
  return options.length > 0
    ? { from: place.from, options, validFor: /^[\w./-]*$/ }
    : null;
}
