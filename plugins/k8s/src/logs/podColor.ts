/** Hues that can be told from each other, each dark enough on white and light enough on black by its own lightness. */
const HUES = [210, 25, 140, 280, 350, 175, 45, 240, 110, 315];

/** The colour of a pod's name by its number among the pods; the same lightness in each theme, so that all can be read. */
export function podColor(index: number, isDark: boolean): string {
  const hue = HUES[index % HUES.length];
  return `hsl(${hue} 65% ${isDark ? 72 : 32}%)`;
}

/** What two names begin with, up to and with a dash. */
function sharedStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, one.lastIndexOf('-', length - 1) + 1);
}

/** Pod names without what they all begin with up to a dash, so that what differs can be read; one pod keeps its name. */
export function shortNames(pods: readonly string[]): Map<string, string> {
  const [first = '', ...others] = pods;
  const common = others.length > 0 ? others.reduce(sharedStart, first) : '';
  return new Map(pods.map(pod => [pod, pod.slice(common.length) || pod]));
}
