import type { ClusterAuthenticationStrategy } from '@backstage-k8s/plugin-k8s-node';
import { readClientCertificate } from '../clusters/readCertificates';

/** A client certificate with its key that somebody gives. */
export const clientCertificateStrategy: ClusterAuthenticationStrategy = {
  id: 'clientCertificate',
  title: { en: 'Client certificate', zh: '客户端证书' },
  fields: [
    {
      name: 'clientCertificate',
      title: { en: 'Client certificate', zh: '客户端证书' },
      description: {
        en: 'PEM, or base64 of it (client-certificate-data of a kubeconfig)',
        zh: 'PEM 或其 base64（kubeconfig 的 client-certificate-data）',
      },
      multiline: true,
    },
    {
      name: 'clientKey',
      title: { en: 'Key of the certificate', zh: '证书的密钥' },
      description: {
        en: 'PEM, or base64 of it (client-key-data of a kubeconfig); it is never shown again',
        zh: 'PEM 或其 base64（kubeconfig 的 client-key-data）；之后不会再显示',
      },
      secret: true,
      multiline: true,
    },
  ],
  read({ clientCertificate = '', clientKey = '' }, { label }) {
    return readClientCertificate(
      { certificate: clientCertificate, key: clientKey },
      {
        certificate: label('clientCertificate'),
        key: label('clientKey'),
      },
    );
  },
  credential: async ({ fields: { clientCertificate, clientKey } }) => ({
    clientCertificate,
    clientKey,
  }),
};
