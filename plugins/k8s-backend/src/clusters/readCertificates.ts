/**
 * Reads certificates and keys that somebody gives us, and keeps nothing but those.
 */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { InputError } from '@backstage/errors';

const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
const CERTIFICATE =
  /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const MAX_CERTIFICATES = 100;

/** PEM as it is, or out of base64. @throws InputError */
function pemOf(text: string, field: string): string {
  if (text.includes('-----BEGIN ')) return text;
  const decoded = BASE64.test(text)
    ? Buffer.from(text, 'base64').toString('latin1')
    : '';
  if (decoded.includes('-----BEGIN ')) return decoded;
  throw new InputError(`${field} is neither PEM nor base64 of it`);
}

/**
 * The certificates of a text (PEM, or base64 of it) as PEM; whatever else it holds is left out.
 *
 * @throws InputError when there is none, or one cannot be read
 */
export function readCertificates(text: string, field: string): string {
  const found = pemOf(text, field).match(CERTIFICATE) ?? [];
  if (found.length === 0 || found.length > MAX_CERTIFICATES) {
    throw new InputError(`${field} has to hold certificates`);
  }
  return found.map(pem => parseCertificate(pem, field).toString()).join('');
}

function parseCertificate(pem: string, field: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new InputError(`${field} holds a certificate that cannot be read`);
  }
}

function parseKey(pem: string, field: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new InputError(
      `${field} is not a private key that can be read; it must not be locked with a password`,
    );
  }
}

/**
 * A client certificate and its key as PEM.
 *
 * @param fields - what they are called in messages
 * @throws InputError when one cannot be read, or they do not belong together
 */
export function readClientCertificate(
  texts: { certificate: string; key: string },
  fields: { certificate: string; key: string },
): { clientCertificate: string; clientKey: string } {
  const clientCertificate = readCertificates(
    texts.certificate,
    fields.certificate,
  );
  const key = parseKey(pemOf(texts.key, fields.key), fields.key);
  if (!new X509Certificate(clientCertificate).checkPrivateKey(key)) {
    throw new InputError(
      `${fields.key} does not belong to ${fields.certificate}`,
    );
  }
  const clientKey = String(key.export({ type: 'pkcs8', format: 'pem' }));
  return { clientCertificate, clientKey };
}
