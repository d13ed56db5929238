import { DEFAULT_TIMINGS } from './CacheTimings';
import type { Absence } from './ClusterLiveness';
import { Freshness } from './Freshness';

const AWAY = { message: 'It does not answer' } as Absence;

function setUp() {
  let absence: Absence | undefined;
  const freshness = new Freshness({
    timings: DEFAULT_TIMINGS,
    absence: () => absence,
    lastSeen: () => undefined,
    versionAt: () => undefined,
  });
  freshness.synced();
  freshness.watching();
  return {
    freshness,
    away: (is: boolean) => {
      absence = is ? AWAY : undefined;
    },
  };
}

beforeEach(() => jest.useFakeTimers({ now: 1_000 }));
afterEach(() => jest.useRealTimers());

describe('Freshness', () => {
  it('is true up to what an open watch has brought', () => {
    const { freshness } = setUp();
    jest.setSystemTime(5_000);
    freshness.reached();
    expect(freshness.trueAt).toBe(5_000);
  });

  it('does not take what was held up by an outage for what is true now', () => {
    const { freshness, away } = setUp();
    away(true);
    jest.setSystemTime(20_000);
    freshness.reached();
    expect(freshness.trueAt).toBe(1_000);
    away(false);
    freshness.renewing();
    jest.setSystemTime(21_000);
    freshness.reached();
    expect(freshness.trueAt).toBe(1_000);
    freshness.watching();
    jest.setSystemTime(22_000);
    freshness.reached();
    expect(freshness.trueAt).toBe(22_000);
  });
});
