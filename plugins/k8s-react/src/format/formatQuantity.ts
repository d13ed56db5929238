const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const STEP = 1024;

function short(value: number): string {
  return value >= 100 || Number.isInteger(value)
    ? String(Math.round(value))
    : String(Number(value.toPrecision(2)));
}

/** Bytes for people, e.g. `1.5 GiB`. @public */
export function formatBytes(bytes: number): string {
  const power = bytes > 0 ? Math.floor(Math.log(bytes) / Math.log(STEP)) : 0;
  const unit = Math.min(power, UNITS.length - 1);
  return `${short(bytes / STEP ** unit)} ${UNITS[unit]}`;
}

/** Cores for people, e.g. `250m` or `3.5`. @public */
export function formatCores(cores: number): string {
  return cores > 0 && cores < 1 ? `${Math.round(cores * 1000)}m` : short(cores);
}
