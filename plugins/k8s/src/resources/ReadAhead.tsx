import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type { KindTraits } from '@backstage-k8s/plugin-k8s-common';
import {
  groupOfSegment,
  useKinds,
  useResources,
} from '@backstage-k8s/plugin-k8s-react';
import { KIND_PLACES } from './kindPlaces';
import type { KindPlace } from './kindPlaces';
import { useListQuery } from './useListQuery';

function RowsAhead(props: { cluster: string; kind: KindTraits }) {
  const { cluster, kind } = props;
  const { query } = useListQuery(kind);
  useResources(cluster, kind, query);
  return null;
}

function ListAhead(props: {
  cluster: string;
  group?: string;
  plural?: string;
}) {
  const { cluster, group, plural } = props;
  useKinds(cluster);
  // Of other kinds it is not known yet what is asked for.
  const kind =
    group && plural
      ? traitsOf({ group: groupOfSegment(group), plural })
      : undefined;
  return kind ? <RowsAhead cluster={cluster} kind={kind} /> : null;
}

/**
 * Shows nothing: asks for what a list will need while its cluster is still being read, so that it waits for one answer and not for one
 * after the other.
 *
 * @param props - `path`: below the cluster's own
 */
export function ReadAhead({
  cluster,
  path,
}: {
  cluster: string;
  path: string;
}) {
  const [place, group, plural] = path.split('/');
  return KIND_PLACES.includes(place as KindPlace) ? (
    <ListAhead cluster={cluster} group={group} plural={plural} />
  ) : null;
}
