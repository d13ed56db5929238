import { fieldOf, fieldsOf, isFields, itemsOf } from '../rows/fields';
import { selectorText } from '../workloads/selectorText';

/** A LabelSelector in the syntax of queries; empty selects all, undefined where it is none or cannot be written so. */
export function labelSelectorOf(selector: unknown): string | undefined {
  if (!isFields(selector)) return undefined;
  const isEmpty =
    Object.keys(fieldsOf(fieldOf(selector, 'matchLabels'))).length === 0 &&
    itemsOf(fieldOf(selector, 'matchExpressions')).length === 0;
  return isEmpty ? '' : selectorText(selector);
}

/** Labels that are all demanded, as of a Service; undefined where there are none, since that selects nothing. */
export function labelsSelectorOf(labels: unknown): string | undefined {
  return selectorText({ matchLabels: fieldsOf(labels) });
}
