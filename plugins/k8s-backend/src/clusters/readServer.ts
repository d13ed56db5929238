import { InputError } from '@backstage/errors';

const MAX_LENGTH = 2048;

/**
 * The address of an API server in its one spelling: `https://host:port`, with a path where it has one.
 *
 * @param field - what the address is called in messages
 * @throws InputError without the address, which may hold a password
 */
export function readServer(text: string, field: string): string {
  const example = 'it has to be like https://kubernetes.example.com:6443';
  if (text.length > MAX_LENGTH || !URL.canParse(text)) {
    throw new InputError(`${field} is not an address; ${example}`);
  }
  const url = new URL(text);
  if (url.protocol !== 'https:') {
    throw new InputError(`${field} has to begin with https://; ${example}`);
  }
  if (url.username || url.password) {
    throw new InputError(
      `${field} must not hold a user or a password; give a token instead`,
    );
  }
  // An empty query or fragment leaves its mark in the text only.
  if (/[?#]/.test(text)) {
    throw new InputError(`${field} must not have a query or a fragment`);
  }
  const server = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  // Its one spelling may be longer: other alphabets are written out.
  if (server.length > MAX_LENGTH) {
    throw new InputError(`${field} is too long; ${example}`);
  }
  return server;
}
