/** Characters of a line that is looked at: longer ones are no lines of a logger. */
const LONGEST = 32_768;

/** A line that is a JSON object, one field a line; undefined for every other line. */
export function unfoldJson(text: string): string | undefined {
  const trimmed = text.trim();
  const mayBe =
    trimmed.length <= LONGEST &&
    trimmed.startsWith('{') &&
    trimmed.endsWith('}');
  if (!mayBe) return undefined;
  try {
    return JSON.stringify(JSON.parse(trimmed), undefined, 2);
  } catch {
    return undefined;
  }
}
