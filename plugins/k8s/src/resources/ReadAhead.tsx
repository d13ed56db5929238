import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type { KindTraits } from '@backstage-k8s/plugin-k8s-common';
import {
  groupOfSegment,
  useKinds,
  useResources,
} from '@backstage-k8s/plugin-k8s-react';
import { useEffect, useState } from 'react';
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
  isClusterRead: boolean;
}) {
  const { cluster, group, plural, isClusterRead } = props;
  const { data: kinds } = useKinds(cluster);
  // The table has asked for the same in between: a request that nobody waits for is given up.
  const [isOver, setOver] = useState(false);
  const isTableThere = isClusterRead && kinds !== undefined;
  useEffect(() => setOver(isTableThere), [isTableThere]);
  // Of other kinds it is not known yet what is asked for.
  const kind =
    group && plural
      ? traitsOf({ group: groupOfSegment(group), plural })
      : undefined;
  return kind && !isOver ? <RowsAhead cluster={cluster} kind={kind} /> : null;
}

/**
 * Shows nothing: asks for what a list will need while its cluster is still being read, so that it waits for one answer and not for one
 * after the other.
 *
 * @param props - `path`: below the cluster's own; `isClusterRead`: the list is there and asks for itself
 */
export function ReadAhead({
  path,
  ...others
}: {
  cluster: string;
  path: string;
  isClusterRead: boolean;
}) {
  const [place, group, plural] = path.split('/');
  return KIND_PLACES.includes(place as KindPlace) ? (
    <ListAhead group={group} plural={plural} {...others} />
  ) : null;
}
