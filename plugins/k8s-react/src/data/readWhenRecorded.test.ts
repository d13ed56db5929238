import { readWhenRecorded } from './readWhenRecorded';

function setHidden(isHidden: boolean) {
  jest.spyOn(document, 'hidden', 'get').mockReturnValue(isHidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('readWhenRecorded', () => {
  const read = jest.fn();
  let reads = readWhenRecorded(read);

  beforeEach(() => {
    jest.useFakeTimers();
    read.mockClear();
    reads = readWhenRecorded(read);
  });
  afterEach(() => {
    reads.stop();
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('reads when a change is usually recorded, and when it is for sure', () => {
    reads.onChange();
    jest.advanceTimersByTime(1_199);
    expect(read).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(read).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(60_000);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('is not put off by changes without end, and reads after the last of them', () => {
    for (let second = 0; second < 20; second++) {
      reads.onChange();
      jest.advanceTimersByTime(1_000);
    }
    const during = read.mock.calls.length;
    expect(during).toBeGreaterThanOrEqual(5);
    expect(during).toBeLessThanOrEqual(10);
    jest.advanceTimersByTime(8_000);
    const afterwards = read.mock.calls.length;
    expect(afterwards).toBeGreaterThan(during);
    jest.advanceTimersByTime(60_000);
    expect(read).toHaveBeenCalledTimes(afterwards);
  });

  it('reads nothing while the page is out of sight, and once when it is seen again', () => {
    setHidden(true);
    reads.onChange();
    jest.advanceTimersByTime(10_000);
    reads.onChange();
    jest.advanceTimersByTime(10_000);
    expect(read).not.toHaveBeenCalled();
    setHidden(false);
    expect(read).toHaveBeenCalledTimes(1);
    setHidden(true);
    setHidden(false);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('reads nothing any more once it is stopped', () => {
    reads.onChange();
    reads.stop();
    jest.advanceTimersByTime(10_000);
    setHidden(false);
    expect(read).not.toHaveBeenCalled();
  });
});
