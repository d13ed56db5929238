import type { ResourceQuery } from '@backstage-k8s/plugin-k8s-node';
import { ContentTooLargeError } from '../errors/statusErrors';

/** @throws ContentTooLargeError when there are more objects than the query takes */
export function checkCount({ maxItems }: ResourceQuery, count: number): void {
  if (maxItems === undefined || count <= maxItems) return;
  throw new ContentTooLargeError(
    `There are more than ${maxItems} objects; name a namespace or a labelSelector`,
  );
}
