import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** One change of an object, or a request for one that is in the audit only. */
export type HistoryEntry = Schema<'HistoryEntry'>;
/** What is recorded of a kind, and when it was. */
export type Recording = Schema<'ObjectHistory'>['recording'];
