/** Bars as SVG, written by hand: a picture of a few numbers needs no library. */

/** One bar. */
export interface Bar {
  label: string;
  value: number;
  /** What is written at its end. */
  text: string;
  color: string;
}

/** Bars below one another, and a line that they may not cross. */
export interface BarChart {
  title: string;
  /** Of the axis. */
  unit: string;
  bars: Bar[];
  /** Where the goal is, if it is one for all. */
  line?: { value: number; label: string };
}

/** Colours of the subjects, apart for all kinds of eyes. */
export const COLORS = {
  ours: '#0b6bcb',
  raw: '#6b7280',
  plugin: '#b45309',
  floor: '#9ca3af',
  met: '#15803d',
  missed: '#c2410c',
} as const;

const WIDTH = 860;
const LEFT = 300;
const RIGHT = 130;
const ROW = 26;
const BAR = 16;
const TOP = 56;
const BOTTOM = 40;

const escape = (text: string) =>
  text.replace(
    /[&<>"]/g,
    sign =>
      ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[sign] ?? ''),
  );

/** The picture, with a logarithmic axis: what is compared differs by powers of ten. */
export function barChart({ title, unit, bars, line }: BarChart): string {
  const shown = [
    ...bars.map(({ value }) => value),
    ...(line ? [line.value] : []),
  ].filter(value => value > 0);
  const low = Math.floor(Math.log10(Math.min(...shown)) - 0.2);
  const high = Math.ceil(Math.log10(Math.max(...shown)));
  const span = Math.max(high - low, 1);
  const width = WIDTH - LEFT - RIGHT;
  const x = (value: number) =>
    LEFT + (Math.max(Math.log10(value) - low, 0.01) / span) * width;
  const height = TOP + bars.length * ROW + BOTTOM;
  const bottom = TOP + bars.length * ROW;
  const ticks = Array.from({ length: span + 1 }, (_, index) => low + index);
  const parts = [
    ...ticks.map(power => {
      const at = x(10 ** power);
      return `<line x1="${at}" y1="${
        TOP - 6
      }" x2="${at}" y2="${bottom}" stroke="#e5e7eb"/><text x="${at}" y="${
        bottom + 16
      }" text-anchor="middle" class="tick">${tick(power)}</text>`;
    }),
    ...bars.map(({ label, value, text, color }, index) => {
      const y = TOP + index * ROW;
      const end = value > 0 ? x(value) : LEFT + 1;
      return `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${escape(
        label,
      )}</text><rect x="${LEFT}" y="${y}" width="${(end - LEFT).toFixed(
        1,
      )}" height="${BAR}" fill="${color}"/><text x="${(end + 6).toFixed(
        1,
      )}" y="${y + 13}">${escape(text)}</text>`;
    }),
    ...(line
      ? [
          `<line x1="${x(line.value)}" y1="${TOP - 8}" x2="${x(
            line.value,
          )}" y2="${bottom}" stroke="#111827" stroke-dasharray="4 3"/><text x="${x(
            line.value,
          )}" y="${TOP - 12}" text-anchor="middle">${escape(
            line.label,
          )}</text>`,
        ]
      : []),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(
    title,
  )}"><style>text{font:13px system-ui,sans-serif;fill:#111827}.tick{font-size:11px;fill:#6b7280}.title{font-weight:600;font-size:15px}</style><rect width="100%" height="100%" fill="#ffffff"/><text x="12" y="24" class="title">${escape(
    title,
  )}</text>${parts.join('')}<text x="${LEFT + width / 2}" y="${
    bottom + 33
  }" text-anchor="middle" class="tick">${escape(unit)}</text></svg>\n`;
}

function tick(power: number): string {
  return power >= -3 && power <= 4
    ? String(Number((10 ** power).toFixed(3)))
    : `1e${power}`;
}
