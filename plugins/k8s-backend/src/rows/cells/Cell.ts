import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';

/** A value as it is found or computed, before it is made fit for showing; undefined where there is none. */
export type CellSource = (object: KubernetesObject) => unknown;

/** Computed cells by the names that columns have for them. */
export type CellTable = Readonly<Record<string, CellSource>>;

/** `a=b, c in (d, e)` of a label selector; `<none>` never: undefined where it selects by nothing. */
export function joined(texts: readonly unknown[]): string | undefined {
  const shown = texts.filter(text => typeof text === 'string' && text !== '');
  return shown.length > 0 ? shown.join(', ') : undefined;
}

/** `key=value` of each field of an object. */
export function pairs(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).map(([key, value]) => `${key}=${value}`);
}
