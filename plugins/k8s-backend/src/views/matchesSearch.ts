/** Makes the test of whether a name or one of the images holds the text, upper and lower case alike; absent: all do. */
export function matchesSearch(
  search: string | undefined,
): (
  name: string | undefined,
  spec: { containers?: readonly { image?: unknown }[] } | undefined,
) => boolean {
  const wanted = search?.trim().toLowerCase();
  if (!wanted) return () => true;
  return (name, spec) =>
    (name ?? '').toLowerCase().includes(wanted) ||
    (spec?.containers ?? []).some(({ image }) =>
      String(image ?? '')
        .toLowerCase()
        .includes(wanted),
    );
}
