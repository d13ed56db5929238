import { EntityRefLink } from '@backstage/plugin-catalog-react';

/** Users and groups have a page; services and `system` have none. */
function hasPage(actor: string): boolean {
  return /^(user|group):[^/]+\/.+$/i.test(actor);
}

/** Who did something, with a link to their page. */
export function Actor({ actor }: { actor: string }) {
  return hasPage(actor) ? (
    <EntityRefLink entityRef={actor} hideIcon />
  ) : (
    <span title={actor}>{actor}</span>
  );
}
