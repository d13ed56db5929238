import { isError } from '@backstage/errors';
import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import { readClientCertificate } from '../clusters/readCertificates';
import { isToken } from './tokenStrategy';

/**
 * What a strategy made, checked before it is used: it goes into headers and handshakes.
 *
 * @throws Error that says what is wrong with it, without any of it
 */
export function readCredential(made: ClusterCredential): ClusterCredential {
  const { expiresAt } = made;
  if (expiresAt !== undefined && Number.isNaN(Date.parse(expiresAt))) {
    throw new Error('its end is not a time');
  }
  const end = expiresAt === undefined ? {} : { expiresAt };
  if ('token' in made) {
    if (typeof made.token === 'string' && isToken(made.token)) {
      return { token: made.token, ...end };
    }
    throw new Error('it is not a token');
  }
  try {
    const { clientCertificate: certificate, clientKey: key } = made;
    return {
      ...readClientCertificate(
        { certificate, key },
        { certificate: 'the certificate', key: 'the key' },
      ),
      ...end,
    };
  } catch (error) {
    throw new Error(isError(error) ? error.message : 'it cannot be read');
  }
}
