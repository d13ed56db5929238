import { InputError } from '@backstage/errors';

/** Characters; labels selectors and entity references fit several times. */
const MAXIMUM_LENGTH = 8192;

/**
 * The query of a request's URL, each name at most once.
 *
 * @throws InputError
 */
export function readQuery(url: string): Record<string, string> {
  const start = url.indexOf('?');
  if (start < 0) return {};
  const text = url.slice(start + 1);
  if (text.length > MAXIMUM_LENGTH) {
    throw new InputError(`The query is longer than ${MAXIMUM_LENGTH}`);
  }
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    if (/[\x00-\x1f\x7f\ufffd]/.test(name + value)) {
      throw new InputError('The query holds control or undecodable characters');
    }
    if (query.has(name)) {
      throw new InputError('The query names a parameter twice');
    }
    query.set(name, value);
  }
  return Object.fromEntries(query);
}
