import type { FailureCause } from '../../errors/clusterErrors';
import type { CheckStep } from './CheckReport';

/** Which step a failure to reach the API server belongs to, and what to do about it. */
export const FAILURE_STEPS: Record<
  Exclude<FailureCause, 'answer' | 'forbidden' | 'circuit' | 'credential'>,
  { step: CheckStep['step']; fix: string }
> = {
  address: {
    step: 'address',
    fix: "Give an address that is allowed, or let an operator of the portal add the cluster's range to k8s.addresses.allow in app-config",
  },
  name: {
    step: 'address',
    fix: 'Check the spelling of the host; the name has to resolve where the portal runs, not only where you are',
  },
  refused: {
    step: 'connect',
    fix: 'Check the port, and that the API server runs',
  },
  timeout: {
    step: 'connect',
    fix: 'Check the address, and that no firewall drops what the portal sends to it',
  },
  network: {
    step: 'connect',
    fix: 'Check the address, and that the network leads from the portal to it',
  },
  redirect: {
    step: 'connect',
    fix: 'Give the address of the API server itself, not that of a page in front of it',
  },
  content: {
    step: 'connect',
    fix: 'Check that the address is that of an API server',
  },
  tls: {
    step: 'tls',
    fix: 'Check the port: an API server is spoken to by https',
  },
  certificate: {
    step: 'tls',
    fix: "Give the cluster's own CA (certificate-authority-data of its kubeconfig) and, when the certificate is for another name, that name as TLS server name",
  },
};

/** What to do about particular faults of TLS and certificates, by OpenSSL's or Node's word. */
export const CERTIFICATE_FIXES: Record<string, string> = {
  CERT_HAS_EXPIRED:
    "Renew the API server's certificate (kubeadm certs renew apiserver)",
  CERT_NOT_YET_VALID: 'Compare the clocks of the cluster and of the portal',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Give an address that the certificate names, or one of its names as TLS server name',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'Give a kubeconfig with the client certificate that the API server asks for',
};
