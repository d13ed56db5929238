/**
 * Text that comes from a cluster (messages, reasons, images, annotations) is anybody's. It is shown as plain text: what a
 * terminal or a browser would act on is taken out, and it is shortened.
 */

/** ESC [ … letter, ESC ] … BEL or ESC \, and ESC with one character; the same in the 8-bit forms. */
export const TERMINAL_ESCAPES =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const BREAKS = /[\u0009-\u000d\u0085\u2028\u2029]+/g;

// Marks that turn the direction of text, that have no width, or that make invisible copies of ASCII (the tags block).
const INVISIBLE =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

// A surrogate without its other half cannot be sent as UTF-8.
const LONE_SURROGATES =
  /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Characters of a message that are shown; a whole pod's message fits. */
export const MESSAGE_LENGTH = 1024;

/**
 * Text on one line, without control characters, terminal escapes and marks that hide or turn text, at most `length`
 * UTF-16 units with `…` at the end of what was cut. Absent or not a string: empty.
 */
export function plainText(text: unknown, length = MESSAGE_LENGTH): string {
  if (typeof text !== 'string') return '';
  // Cut before the work is done: an annotation may have a million characters.
  const plain = text
    .slice(0, length * 4)
    .replace(TERMINAL_ESCAPES, '')
    .replace(BREAKS, ' ')
    .replace(INVISIBLE, '')
    .replace(LONE_SURROGATES, '\ufffd')
    .trim();
  if (plain.length <= length && text.length <= length * 4) return plain;
  const cut = plain.slice(0, length - 1).replace(LONE_SURROGATES, '');
  return `${cut}…`;
}

/** Like {@link plainText}, but absent where nothing is left. */
export function plainTextOrAbsent(
  text: unknown,
  length = MESSAGE_LENGTH,
): string | undefined {
  return plainText(text, length) || undefined;
}
