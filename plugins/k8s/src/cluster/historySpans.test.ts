import { HISTORY_MS, historySpans } from './historySpans';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;

const changeOf = (
  component: string,
  status: 'healthy' | 'unhealthy',
  hoursAgo: number,
) => ({
  component,
  status,
  at: new Date(NOW - hoursAgo * HOUR).toISOString(),
});

const spansOf = (history: ReturnType<typeof changeOf>[], component = 'etcd') =>
  historySpans(history, { component, status: 'healthy', now: NOW }).map(
    ({ from, to, status }) => [(NOW - from) / HOUR, (NOW - to) / HOUR, status],
  );

describe('historySpans', () => {
  it('was always as it is when nothing changed', () => {
    expect(spansOf([])).toEqual([[168, 0, 'healthy']]);
    expect(HISTORY_MS / HOUR).toBe(168);
  });

  it('knows nothing before the first change', () => {
    expect(
      spansOf([
        changeOf('etcd', 'healthy', 1),
        changeOf('etcd', 'unhealthy', 3),
      ]),
    ).toEqual([
      [168, 3, undefined],
      [3, 1, 'unhealthy'],
      [1, 0, 'healthy'],
    ]);
  });

  it('looks at one component and at a week only', () => {
    expect(
      spansOf([
        changeOf('scheduler', 'unhealthy', 1),
        changeOf('etcd', 'healthy', 200),
      ]),
    ).toEqual([[168, 0, 'healthy']]);
  });
});
