import { hashKey } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import type { K8sApi, StreamTopic } from '../api/K8sApi';
import type { LiveQueryOptions, StreamChanges } from './useLiveQuery';

/** Milliseconds after a reset in which its rows are waited for. */
const ROWS_AFTER_RESET_MS = 3_000;
/** Milliseconds between two reads that changes ask for. */
const READ_AGAIN_MS = 1_500;

/** Changes that came while the list was being read: its answer may be older than they are. */
type Missed = { changes: StreamChanges; first: boolean };

/**
 * Keeps what was read current by what the stream tells. The answer stops that.
 *
 * Stream and reads are connections of their own, so that an answer may come after changes that it does not know yet: what is told
 * during a read is put into its answer, too.
 *
 * @param options - `latest`: what is shown at the moment, its key may change
 */
export function followTopic<T>(options: {
  api: K8sApi;
  queries: QueryClient;
  topic: StreamTopic;
  latest: () => LiveQueryOptions<T>;
}): () => void {
  const { api, queries, topic, latest } = options;
  let rowsTimer: ReturnType<typeof setTimeout> | undefined;
  let readTimer: ReturnType<typeof setTimeout> | undefined;
  let lastReadAt = 0;
  let first = false;
  let missed: Missed[] = [];
  let missedOf = '';
  let isDue = false;

  const hash = () => hashKey(latest().queryKey);
  const isReading = () =>
    queries.getQueryState(latest().queryKey)?.fetchStatus === 'fetching';
  const known = () => queries.getQueryData<T>(latest().queryKey);

  const readAgain = () => {
    if (readTimer) return;
    const wait = Math.max(0, lastReadAt + READ_AGAIN_MS - Date.now());
    readTimer = setTimeout(() => {
      readTimer = undefined;
      lastReadAt = Date.now();
      // What is being read may be older than what asks for it again; begun anew each time it would never end.
      isDue = isReading();
      if (isDue) return;
      queries.invalidateQueries({ queryKey: latest().queryKey, exact: true });
    }, wait);
  };
  const apply = (data: T, { changes, first: isFirst }: Missed): T => {
    const applied = latest().apply(data, changes, { first: isFirst });
    if (applied.readAgain) readAgain();
    return applied.data;
  };

  const stopHearing = queries.getQueryCache().subscribe(event => {
    if (event.type !== 'updated' || event.query.queryHash !== hash()) return;
    const { action } = event;
    if (action.type !== 'success' && action.type !== 'error') return;
    if (action.type === 'success' && action.manual) return;
    const waiting = missedOf === hash() ? missed : [];
    missed = [];
    if (isDue) {
      isDue = false;
      readAgain();
    }
    const data = known();
    if (action.type === 'error' || data === undefined || waiting.length === 0) {
      return;
    }
    queries.setQueryData(latest().queryKey, waiting.reduce(apply, data));
  });

  const stopFollowing = api.subscribe(topic, event => {
    const { onReset = 'rows' } = latest();
    if (event.type === 'reset' && onReset === 'nothing') return;
    // What was told before is in what comes now.
    if (event.type !== 'changes') missed = [];
    if (
      event.type === 'reconnected' ||
      (event.type === 'reset' && onReset === 'read')
    ) {
      readAgain();
      return;
    }
    if (event.type === 'reset') {
      first = true;
      clearTimeout(rowsTimer);
      rowsTimer = setTimeout(readAgain, ROWS_AFTER_RESET_MS);
      return;
    }
    clearTimeout(rowsTimer);
    const told = { changes: event, first };
    first = false;
    // What was missed of a read that was given up is old by now.
    if (!isReading() || missedOf !== hash()) missed = [];
    missedOf = hash();
    if (isReading()) missed.push(told);
    const data = known();
    if (data === undefined) return;
    queries.setQueryData(latest().queryKey, apply(data, told));
  });

  return () => {
    clearTimeout(rowsTimer);
    clearTimeout(readTimer);
    stopHearing();
    stopFollowing();
  };
}
