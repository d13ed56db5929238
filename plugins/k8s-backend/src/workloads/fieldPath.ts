/** A step down into an object: a field, or an item of a list whose items are told apart by some of their fields. */
export type PathStep =
  | { field: string }
  | { item: Record<string, unknown>; key: string };

const PLAIN_FIELD = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** A path as people read it, e.g. `spec.template.spec.containers[name=app].image`, `metadata.labels["app.example/tier"]`. */
export function fieldPathText(path: readonly PathStep[]): string {
  return path
    .map((step, index) => {
      if ('item' in step) return `[${step.key}=${String(step.item[step.key])}]`;
      if (!PLAIN_FIELD.test(step.field)) {
        return `[${JSON.stringify(step.field)}]`;
      }
      return index === 0 ? step.field : `.${step.field}`;
    })
    .join('');
}
