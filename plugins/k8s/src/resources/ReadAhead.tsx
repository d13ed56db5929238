import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type { KindTraits } from '@backstage-k8s/plugin-k8s-common';
import {
  groupOfSegment,
  useKinds,
  useResources,
} from '@backstage-k8s/plugin-k8s-react';
import { useCallback, useEffect, useState } from 'react';
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
  onOver: () => void;
}) {
  const { cluster, group, plural, isClusterRead, onOver } = props;
  const { data, error } = useKinds(cluster);
  // The table has asked for the same in between: a request that nobody waits for is given up.
  const isOver = isClusterRead && Boolean(data || error);
  useEffect(() => {
    if (isOver) onOver();
  }, [isOver, onOver]);
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
 * @param props - `path`: below the cluster's own; `isClusterRead`: the list is there and asks for itself
 */
export function ReadAhead(props: {
  cluster: string;
  path: string;
  isClusterRead: boolean;
}) {
  const { path, ...others } = props;
  const [isOver, setOver] = useState(props.isClusterRead);
  const onOver = useCallback(() => setOver(true), []);
  const [place, group, plural] = path.split('/');
  return !isOver && KIND_PLACES.includes(place as KindPlace) ? (
    <ListAhead group={group} plural={plural} onOver={onOver} {...others} />
  ) : null;
}
