import { randomBytes } from 'node:crypto';
import { clusterFailureOf } from '../errors/clusterErrors';
import type { StoredAuthentication } from './ClusterStore';
import { CredentialCipher } from './CredentialCipher';
import type { CredentialBinding, SealedCredential } from './CredentialCipher';

const old = { id: 'old', key: randomBytes(32) };
const fresh = { id: 'fresh', key: randomBytes(32) };
const credential: StoredAuthentication = { type: 'token', token: 'planted' };
const binding: CredentialBinding = {
  id: 'c1',
  endpoint: { server: 'https://one.test', skipTlsVerify: false },
};

function expectClosed(
  cipher: CredentialCipher,
  sealed: SealedCredential,
  bound = binding,
) {
  let thrown: unknown;
  try {
    cipher.open(sealed, bound);
  } catch (error) {
    thrown = error;
  }
  expect(clusterFailureOf(thrown)?.cause).toBe('credential');
  expect(String(thrown)).not.toContain('planted');
}

/** The sealed text with one bit of the given byte turned; negative: counted from the end. */
function flip(sealed: string, at: number): string {
  const bytes = Buffer.from(sealed, 'base64');
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  return bytes.toString('base64');
}

function cut(sealed: string, bytes: number): string {
  return Buffer.from(sealed, 'base64').subarray(0, -bytes).toString('base64');
}

describe('CredentialCipher', () => {
  const cipher = new CredentialCipher([old]);

  it('opens what it sealed, and seals nothing twice alike', () => {
    const one = cipher.seal(credential, binding);
    const two = cipher.seal(credential, binding);
    expect(cipher.open(one, binding)).toEqual(credential);
    expect(one.ciphertext).not.toBe(two.ciphertext);
    expect(one.wrappedKey).not.toBe(two.wrappedKey);
    expect(JSON.stringify(one)).not.toContain('planted');
  });

  it.each([0, 12, 20, -17, -16, -1])(
    'stays closed when byte %d was changed',
    at => {
      const sealed = cipher.seal(credential, binding);
      const { ciphertext, wrappedKey } = sealed;
      expectClosed(cipher, { ...sealed, ciphertext: flip(ciphertext, at) });
      expectClosed(cipher, { ...sealed, wrappedKey: flip(wrappedKey, at) });
    },
  );

  it.each([1, 12, 15, 16, 1000])(
    'stays closed when %d bytes were cut off',
    bytes => {
      const sealed = cipher.seal(credential, binding);
      const { ciphertext, wrappedKey } = sealed;
      expectClosed(cipher, { ...sealed, ciphertext: cut(ciphertext, bytes) });
      expectClosed(cipher, { ...sealed, wrappedKey: cut(wrappedKey, bytes) });
    },
  );

  it('stays closed for another cluster, also half', () => {
    const other = { ...binding, id: 'c2' };
    const ours = cipher.seal(credential, binding);
    const theirs = cipher.seal(credential, other);
    expectClosed(cipher, theirs);
    expectClosed(cipher, { ...ours, ciphertext: theirs.ciphertext });
    expectClosed(cipher, { ...ours, wrappedKey: theirs.wrappedKey });
  });

  it.each([
    { server: 'https://evil.test' },
    { skipTlsVerify: true },
    { caData: 'another' },
    { tlsServerName: 'evil.test' },
  ])('stays closed when the endpoint was changed to %j', change => {
    const sealed = cipher.seal(credential, binding);
    const endpoint = { ...binding.endpoint, ...change };
    expectClosed(cipher, sealed, { ...binding, endpoint });
  });

  it('stays closed without the key, with another key of its id, and for another version', () => {
    const sealed = cipher.seal(credential, binding);
    expectClosed(new CredentialCipher([]), sealed);
    expectClosed(new CredentialCipher([fresh]), sealed);
    expectClosed(new CredentialCipher([{ ...fresh, id: old.id }]), sealed);
    expectClosed(cipher, { ...sealed, version: 2 });
  });

  it('wraps the key anew without touching the credential', () => {
    const sealed = cipher.seal(credential, binding);
    const both = new CredentialCipher([fresh, old]);
    const renewed = both.rewrap(sealed, binding);
    expect(renewed).toMatchObject({
      keyId: 'fresh',
      ciphertext: sealed.ciphertext,
    });
    const only = new CredentialCipher([fresh]);
    expect(only.open(renewed, binding)).toEqual(credential);
  });

  it('seals nothing without a key, and names the setting', () => {
    const none = new CredentialCipher([]);
    expect(none.isConfigured).toBe(false);
    expect(() => none.seal(credential, binding)).toThrow(
      /k8s\.encryption\.keys/,
    );
  });
});
