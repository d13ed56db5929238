/**
 * Certificates for tests, made when they are needed.
 */
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);

const DAY_MS = 24 * 60 * 60 * 1000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate and its key as PEM. */
export interface TestCertificate {
  certificate: string;
  key: string;
}

/** An authority that signs certificates for tests. */
export interface TestAuthority extends TestCertificate {
  sign(options: TestCertificateOptions): Promise<TestCertificate>;
}

/** What a certificate says. */
export interface TestCertificateOptions {
  /** Common name; with `organization` a user and group of Kubernetes. */
  name: string;
  hosts?: { dns?: string[]; ip?: string[] };
  /** From now; negative: expired since. Default: 100. */
  days?: number;
}

async function keyPair() {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return x509.PemConverter.encode(der, 'PRIVATE KEY');
}

function validity(days = 100) {
  return {
    notBefore: new Date(Date.now() - 200 * DAY_MS),
    notAfter: new Date(Date.now() + days * DAY_MS),
  };
}

function names({ dns = [], ip = [] }: { dns?: string[]; ip?: string[] }) {
  return new x509.SubjectAlternativeNameExtension([
    ...dns.map(value => ({ type: 'dns' as const, value })),
    ...ip.map(value => ({ type: 'ip' as const, value })),
  ]);
}

/** A certificate that nobody but itself signed. */
export async function selfSigned(
  options: TestCertificateOptions,
): Promise<TestCertificate> {
  const keys = await keyPair();
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${options.name}`,
    keys: keys as never,
    signingAlgorithm: ALGORITHM,
    ...validity(options.days),
    extensions: [names(options.hosts ?? {})],
  });
  return {
    certificate: made.toString('pem'),
    key: await pemOf(keys.privateKey),
  };
}

/** A new authority. */
export async function testAuthority(name = 'test'): Promise<TestAuthority> {
  const keys = await keyPair();
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys: keys as never,
    signingAlgorithm: ALGORITHM,
    ...validity(1000),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return {
    certificate: made.toString('pem'),
    key: await pemOf(keys.privateKey),
    sign: async options => {
      const own = await keyPair();
      const signed = await x509.X509CertificateGenerator.create({
        subject: `CN=${options.name}`,
        issuer: made.subject,
        signingKey: keys.privateKey as never,
        publicKey: own.publicKey as never,
        signingAlgorithm: ALGORITHM,
        ...validity(options.days),
        extensions: [names(options.hosts ?? {})],
      });
      return {
        certificate: signed.toString('pem'),
        key: await pemOf(own.privateKey),
      };
    },
  };
}
