/** Characters of one value that a plan shows. */
const VALUE_LENGTH = 4096;

// Control characters but tab and line feed, and marks that turn or hide text (see plainText).
const HIDDEN =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text in which what would act on a terminal or hide in a browser is written out (`\u202e`). */
export function writtenOut(text: string): string {
  return text.replace(
    HIDDEN,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A copy of a value of a cluster's object for people who have to judge it: what would act on a terminal or hide in a browser
 * is written out (`\u202e`), and long texts are shortened. Unlike plain text, nothing is left out.
 */
export function visible(value: unknown): unknown {
  if (typeof value === 'string') {
    const shown = writtenOut(value.slice(0, VALUE_LENGTH));
    return value.length > VALUE_LENGTH
      ? `${shown}… (${value.length} characters)`
      : shown;
  }
  if (Array.isArray(value)) return value.map(visible);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        visible(key),
        visible(inner),
      ]),
    );
  }
  return value;
}
