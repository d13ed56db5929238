/** Whether a cluster has all of the labels with these values; absent or empty: every cluster has. @public */
export function hasLabels(
  cluster: { labels: Readonly<Record<string, string>> },
  wanted: Readonly<Record<string, string>> = {},
): boolean {
  return Object.entries(wanted).every(
    ([key, value]) =>
      Object.hasOwn(cluster.labels, key) && cluster.labels[key] === value,
  );
}
