/**
 * Reads the parts of a kubeconfig that say where one cluster is and how to sign in to it. Nothing is run, no file is read, and
 * no text of the input is in an error: a secret may be anywhere in it.
 */
import { InputError } from '@backstage/errors';
import { KUBECONFIG_FIELDS } from './kubeconfigFields';
import type { KubeconfigPart } from './kubeconfigFields';
import { readBoundedYaml } from './readBoundedYaml';
import type { YamlValue } from './readBoundedYaml';

/** One context of a kubeconfig; its values are not checked yet. */
export interface KubeconfigAccess {
  /** Names of all contexts. */
  contexts: string[];
  /** The one that was read. */
  context: string;
  server: string;
  /** Base64 of PEM. */
  caData?: string;
  tlsServerName?: string;
  skipTlsVerify: boolean;
  token?: string;
  /** Base64 of PEM. */
  clientCertificate?: string;
  /** Base64 of PEM. */
  clientKey?: string;
  /** Where the fields are, for messages, e.g. `users[0].user`. */
  places: { cluster: string; user: string };
}

type Fields = Map<string, YamlValue>;

function isEmpty(value: YamlValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}

function fieldsAt(value: YamlValue | undefined, place: string): Fields {
  if (value instanceof Map) return value;
  throw new InputError(`${place} has to have fields`);
}

/** Refuses what the table refuses, and what it does not know. */
function assertAllowed(fields: Fields, part: KubeconfigPart, place: string) {
  const rules: Record<string, string> = KUBECONFIG_FIELDS[part];
  for (const [name, value] of fields) {
    if (!Object.hasOwn(rules, name)) {
      throw new InputError(
        `${place} has a field that is not known here; known are ${Object.keys(
          rules,
        )
          .filter(known => rules[known] === 'ok')
          .join(', ')}`,
      );
    }
    if (rules[name] !== 'ok' && !isEmpty(value)) {
      // No colon after the name: what follows `password:` is taken for one, and kept from the reader.
      throw new InputError(`${place}.${name} is refused: ${rules[name]}`);
    }
  }
}

function textAt(
  fields: Fields,
  name: string,
  place: string,
): string | undefined {
  const value = fields.get(name);
  if (isEmpty(value)) return undefined;
  if (typeof value === 'string') return value;
  throw new InputError(`${place}.${name} has to be text`);
}

interface Entry {
  name: string;
  /** E.g. `users[0]`. */
  place: string;
  fields: Fields;
}

function entriesOf(root: Fields, list: string): Entry[] {
  const value = root.get(list);
  if (!Array.isArray(value)) {
    throw new InputError(`The kubeconfig has no list of ${list}`);
  }
  return value.map((item, index) => {
    const place = `${list}[${index}]`;
    const fields = fieldsAt(item, place);
    const name = textAt(fields, 'name', place);
    if (name === undefined) throw new InputError(`${place} has no name`);
    return { name, place, fields };
  });
}

function pick(entries: Entry[], name: string | undefined, what: string) {
  const found = entries.filter(entry => entry.name === name);
  if (found.length === 1) return found[0];
  throw new InputError(
    found.length === 0
      ? `The kubeconfig has no ${what}`
      : `The kubeconfig has several entries for ${what}`,
  );
}

function partOf(
  { fields, place }: Entry,
  part: 'cluster' | 'user' | 'context',
) {
  const inner = `${place}.${part}`;
  const values = fieldsAt(fields.get(part), inner);
  assertAllowed(values, part, inner);
  return { values, place: inner };
}

function isSkippingTls(cluster: Fields, place: string): boolean {
  const value = cluster.get('insecure-skip-tls-verify');
  if (isEmpty(value)) return false;
  if (typeof value === 'boolean') return value;
  throw new InputError(
    `${place}.insecure-skip-tls-verify has to be true or false`,
  );
}

/**
 * Reads one context of a kubeconfig: the one that is named, else its current one, else its only one.
 *
 * @throws InputError that names the field and says what to use instead
 */
export function readKubeconfig(
  text: string,
  options: { context?: string } = {},
): KubeconfigAccess {
  const root = fieldsAt(readBoundedYaml(text), 'The kubeconfig');
  assertAllowed(root, 'kubeconfig', 'The kubeconfig');
  const contexts = entriesOf(root, 'contexts');
  const wanted =
    options.context ??
    textAt(root, 'current-context', 'The kubeconfig') ??
    (contexts.length === 1 ? contexts[0].name : undefined);
  const context = pick(
    contexts,
    wanted,
    options.context === undefined
      ? 'context that its current-context names; choose one'
      : 'context of that name',
  );
  const { values: chosen, place } = partOf(context, 'context');
  const cluster = partOf(
    pick(
      entriesOf(root, 'clusters'),
      textAt(chosen, 'cluster', place),
      'cluster that the context names',
    ),
    'cluster',
  );
  const user = partOf(
    pick(
      entriesOf(root, 'users'),
      textAt(chosen, 'user', place),
      'user that the context names',
    ),
    'user',
  );
  const server = textAt(cluster.values, 'server', cluster.place);
  if (server === undefined) {
    throw new InputError(`${cluster.place}.server is missing`);
  }
  const userText = (name: string) => textAt(user.values, name, user.place);
  return {
    contexts: contexts.map(({ name }) => name),
    context: context.name,
    server,
    caData: textAt(cluster.values, 'certificate-authority-data', cluster.place),
    tlsServerName: textAt(cluster.values, 'tls-server-name', cluster.place),
    skipTlsVerify: isSkippingTls(cluster.values, cluster.place),
    token: userText('token'),
    clientCertificate: userText('client-certificate-data'),
    clientKey: userText('client-key-data'),
    places: { cluster: cluster.place, user: user.place },
  };
}
