/** Milliseconds after a change: when it is usually recorded, and when it is for sure. */
const RECORDED_MS: readonly number[] = [1_200, 4_000];

/**
 * Reads again what is recorded of changes, soon (`afterMs`, milliseconds) after they are seen. Changes that come one upon the other put nothing off and
 * are read together; while the page is out of sight nothing is read, and once when it is looked at again.
 */
export function readWhenRecorded(
  read: () => void,
  afterMs = RECORDED_MS,
): {
  /** Says that something has changed. */
  onChange: () => void;
  stop: () => void;
} {
  let timers: ReturnType<typeof setTimeout>[] = [];
  let isAgain = false;
  let isMissed = false;
  const readIfSeen = () => {
    isMissed = document.hidden;
    if (!document.hidden) read();
  };
  const onChange = () => {
    if (timers.length > 0) {
      isAgain = true;
      return;
    }
    timers = afterMs.map((timeMs, index) =>
      setTimeout(() => {
        const isLast = index === afterMs.length - 1;
        if (isLast) timers = [];
        readIfSeen();
        if (!isLast || !isAgain) return;
        isAgain = false;
        onChange();
      }, timeMs),
    );
  };
  const onVisible = () => {
    if (isMissed) readIfSeen();
  };
  document.addEventListener('visibilitychange', onVisible);
  return {
    onChange,
    stop: () => {
      timers.forEach(clearTimeout);
      document.removeEventListener('visibilitychange', onVisible);
    },
  };
}
