import type { ClusterAuthenticationStrategy } from './ClusterAuthentication';

const ID = /^[A-Za-z][A-Za-z0-9]{0,31}$/;
/** Stored beside the fields, it tells the strategy. */
const RESERVED = 'type';
const MAX_FIELDS = 32;

/** Refuses a strategy that could not be stored or shown. @throws Error that names it @public */
export function assertStrategy(strategy: ClusterAuthenticationStrategy): void {
  const { id, title, fields } = strategy;
  const fail = (problem: string): never => {
    throw new Error(
      `The cluster authentication strategy '${String(id)}' ${problem}`,
    );
  };
  if (!ID.test(id)) fail('needs an id of a letter, then letters and digits');
  if (!title?.en) fail('needs a title in English');
  if (fields.length > MAX_FIELDS) fail('has too many fields');
  const names = new Set<string>();
  for (const field of fields) {
    if (!ID.test(field.name) || field.name === RESERVED) {
      fail(
        'has a field whose name is not a letter, then letters and digits, or is `type`',
      );
    }
    if (names.has(field.name)) fail(`has two fields called ${field.name}`);
    names.add(field.name);
    if (!field.title?.en) {
      fail(`needs a title in English for its field ${field.name}`);
    }
    if (field.options?.some(({ title: words }) => !words?.en)) {
      fail(`needs titles in English for the options of ${field.name}`);
    }
  }
}
