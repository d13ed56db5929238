import { event, pod } from '../workloads/__fixtures__/workloadObjects';
import { eventRows } from './eventRows';

const about = (name: string) =>
  pod({ name, metadata: { name, namespace: 'shop', uid: name } });

describe('eventRows', () => {
  it('says one warning of many pods once, with how often and of how many', () => {
    const events = Array.from({ length: 392 }, (_, index) =>
      event(about(`payments-7c9-${index}`), {
        reason: 'BackOff',
        message: `Back-off restarting failed container app in pod payments-7c9-${index}_shop(0f7b5b0e-1111-4222-8333-${String(
          index,
        ).padStart(12, '0')})`,
        count: 2,
        secondsAgo: 392 - index,
      }),
    );
    expect(eventRows(events)).toEqual([
      expect.objectContaining({
        type: 'Warning',
        count: 784,
        objects: 392,
        involved: { kind: 'Pod', name: 'payments-7c9-391', namespace: 'shop' },
        message: expect.stringContaining('payments-7c9-391'),
        firstSeen: '2026-11-23T11:52:28.000Z'.replace('.000', ''),
        lastSeen: '2026-11-23T11:59:59Z',
      }),
    ]);
  });

  it('keeps what differs apart: kind, type, reason, message', () => {
    const one = event(about('a'), { reason: 'Failed', message: 'no' });
    const rows = eventRows([
      one,
      { ...one, type: 'Normal' },
      { ...one, reason: 'Killing' },
      { ...one, message: 'yes' },
      { ...one, involvedObject: { kind: 'ReplicaSet', name: 'a' } },
    ]);
    expect(rows).toHaveLength(5);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(5);
  });

  it('reads events of newer writers, newest first', () => {
    const old = event(about('a'), { message: 'old', secondsAgo: 500 });
    const series = event(about('b'), {
      message: 'series',
      count: undefined,
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: '2026-11-23T11:00:00.000000Z',
      series: { count: 7, lastObservedTime: '2026-11-23T11:59:00.000000Z' },
      source: undefined,
      reportingComponent: 'scheduler',
    });
    expect(eventRows([old, series])).toMatchObject([
      {
        message: 'series',
        count: 7,
        source: 'scheduler',
        firstSeen: '2026-11-23T11:00:00.000000Z',
      },
      { message: 'old', count: 1 },
    ]);
  });

  it('shows hostile text inert and survives events without anything', () => {
    const [row] = eventRows([
      event(about('a'), {
        message: '\u001b]0;x\u0007a\u202eb',
        reason: 'R\u0000',
      }),
    ]);
    expect(row).toMatchObject({ message: 'ab', reason: 'R' });
    expect(eventRows([{ metadata: {} }])).toMatchObject([
      {
        type: 'Normal',
        reason: '',
        count: 1,
        involved: { kind: '', name: '' },
      },
    ]);
  });
});
