const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Up to so many of a unit the next smaller one is worth showing. */
const FEW = 10;

/** A time span as people read it, e.g. `45s`, `3m20s`, `26h`, `4d`; undefined for one that is none. */
export function humanDuration(ms: number): string | undefined {
  if (!Number.isFinite(ms) || ms < 0) return undefined;
  const part = (unit: number, of: number) => Math.floor((ms % of) / unit);
  if (ms < 2 * MINUTE) return `${Math.floor(ms / SECOND)}s`;
  const minutes = Math.floor(ms / MINUTE);
  if (ms < FEW * MINUTE) {
    const seconds = part(SECOND, MINUTE);
    return seconds ? `${minutes}m${seconds}s` : `${minutes}m`;
  }
  if (ms < 3 * HOUR) return `${minutes}m`;
  const hours = Math.floor(ms / HOUR);
  if (ms < FEW * HOUR) {
    const rest = part(MINUTE, HOUR);
    return rest ? `${hours}h${rest}m` : `${hours}h`;
  }
  return ms < 2 * DAY ? `${hours}h` : `${Math.floor(ms / DAY)}d`;
}
