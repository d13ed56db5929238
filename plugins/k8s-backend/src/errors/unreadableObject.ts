/**
 * What API servers say of an object that they cannot read: a field of another type, one that the kind does not have. Some of their
 * sentences hold all of the object, as it would be after a patch, with what is secret in it; none of that is passed on.
 */

/** Of a patch: the object follows, as a quoted Go string. */
const ECHO = 'patch: Invalid value: "';
/** Of a patch, a create or a replacement. */
const UNREADABLE = /^.*? cannot be handled as an? [\w.]+: /;
const STRICT = /^strict decoding error: /;
/** Of a server-side apply, which answers 500. */
const APPLY =
  /^failed to (?:create typed (?:patch|new|live) object|convert \w+ object) \([^)]*\)(?: to proper version)?: (?:unable to convert [^:]*: )?(?:error decoding from json: )?/;
/** The value that has another type, of a server-side apply; it ends with its line. */
const VALUE = /, got &[^\n]*/g;
const WRONG_TYPE =
  /^json: cannot unmarshal (\w+) into Go (?:struct field (?:[A-Z]\w*\.)?(\S+)|value) of type (\S+)$/;

/** Whether an API server's failure (500) is the caller's: a manifest that a server-side apply cannot read. */
export function isUnreadableApply(message: string | undefined): boolean {
  return typeof message === 'string' && APPLY.test(message);
}

/** The message, of an object that cannot be read only why; the field comes first where one is named. */
export function withoutObject(message: string): string {
  const reason = withoutEcho(message)
    .replace(UNREADABLE, '')
    .replace(STRICT, '')
    .replace(APPLY, '')
    .replace(VALUE, '');
  const [, found, field, wanted] = WRONG_TYPE.exec(reason) ?? [];
  if (found === undefined) return reason;
  return `${field ?? 'The object'} has to be ${wanted}, not ${found}`;
}

/** Without a patched object and what is before it. */
function withoutEcho(message: string): string {
  const at = message.indexOf(ECHO);
  if (at < 0) return message;
  // By hand: it may be megabytes, which no expression has to walk back through.
  let end = at + ECHO.length;
  while (end < message.length && message[end] !== '"') {
    end += message[end] === '\\' ? 2 : 1;
  }
  const reason = message.slice(end).replace(/^"(?:: )?/, '');
  return reason || 'The object would not be valid';
}
