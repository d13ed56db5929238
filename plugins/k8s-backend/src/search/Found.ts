import type { KindDescription } from '@backstage-k8s/plugin-k8s-common';
import type { TableResult } from '@backstage-k8s/plugin-k8s-node';
import type { RegisteredReference } from '../access/VisibleClusters';
import type { SearchedType } from './searchedTypes';

/** What one kind of one cluster gave. Neither table nor error nor late: the cluster does not have the kind. */
export interface Found {
  cluster: RegisteredReference;
  type: SearchedType;
  kind?: KindDescription;
  table?: TableResult;
  /** Why it cannot be read, for people. */
  error?: string;
  /** It has not answered in time. */
  isLate?: boolean;
}
