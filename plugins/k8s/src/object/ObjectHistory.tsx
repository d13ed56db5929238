import { HistoryTable } from '../history/HistoryTable';
import type { ObjectTabProps } from './ObjectTabContent';

/** What became of an object, whoever changed it, newest first. */
export function ObjectHistory({ cluster, target }: ObjectTabProps) {
  return <HistoryTable target={target} clusterName={cluster.name} />;
}
