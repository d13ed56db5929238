import { useApi } from '@backstage/frontend-plugin-api';
import { k8sApiRef, unwrap } from '@backstage-k8s/plugin-k8s-react';
import type { AuditFilter } from '@backstage-k8s/plugin-k8s-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { downloadText } from '../pages/downloadText';
import type { AuditEntry } from './auditFilter';
import { changesCsv } from './changesCsv';

/** The most that goes into one file: what a browser holds and a spreadsheet opens with ease. */
export const EXPORT_ROWS = 10_000;
/** Rows of one request; the most that the API gives. */
const PAGE_ROWS = 500;

/** How an export stands. */
export type ExportState =
  | { status: 'idle' }
  | { status: 'running'; rows: number }
  | { status: 'done'; rows: number; isBounded: boolean }
  | { status: 'failed'; error: Error };

/** Reads what is filtered, newest first, and gives it to the user as a file of at most {@link EXPORT_ROWS} entries. */
export function useChangesExport(filter: AuditFilter) {
  const { client } = useApi(k8sApiRef);
  const [state, setState] = useState<ExportState>({ status: 'idle' });
  const running = useRef<AbortController>();
  const stop = useCallback(() => {
    running.current?.abort();
    setState({ status: 'idle' });
  }, []);
  useEffect(() => () => running.current?.abort(), []);
  // What is said of an export is about the filter that it was made with.
  useEffect(() => stop, [filter, stop]);

  const start = useCallback(async () => {
    const controller = new AbortController();
    const { signal } = controller;
    running.current = controller;
    const entries: AuditEntry[] = [];
    let next: string | undefined;
    setState({ status: 'running', rows: 0 });
    try {
      do {
        const query = { ...filter, limit: PAGE_ROWS, continue: next };
        const page = unwrap(
          await client.GET('/audit', { params: { query }, signal }),
        );
        if (signal.aborted) return;
        entries.push(...page.entries);
        next = page.continue;
        setState({ status: 'running', rows: entries.length });
      } while (next && entries.length < EXPORT_ROWS);
      const day = new Date().toISOString().slice(0, 10);
      downloadText(changesCsv(entries), {
        name: `kubernetes-changes-${day}.csv`,
        type: 'text/csv;charset=utf-8',
      });
      const isBounded = next !== undefined;
      setState({ status: 'done', rows: entries.length, isBounded });
    } catch (error) {
      if (signal.aborted) return;
      setState({ status: 'failed', error: error as Error });
    }
  }, [client, filter]);
  return { state, start, stop };
}
