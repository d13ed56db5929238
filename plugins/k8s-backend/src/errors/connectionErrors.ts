/**
 * What can go wrong before an API server answers, in words: the table of Node's, OpenSSL's, undici's and our
 * proxy's codes.
 */
import { ServiceUnavailableError } from '@backstage/errors';
import { clusterFailureOf, plainMessage, withFailure } from './clusterErrors';
import type { FailureCause } from './clusterErrors';

type Row = readonly [cause: FailureCause, message: string];

const TIMEOUT: Row = ['timeout', 'The API server did not answer in time'];
const UNKNOWN_CA: Row = [
  'certificate',
  "The API server's certificate is signed by an authority that is not the cluster's CA",
];
const UNREACHABLE: Row = [
  'network',
  'There is no way to the API server from here',
];
const CLOSED: Row = ['network', 'The API server closed the connection'];
const ENDED: Row = [
  'network',
  "The portal's access to the cluster was changed or removed meanwhile; try again",
];
const NO_NAME: Row = [
  'name',
  "The name of the API server's host does not resolve",
];
const NO_TLS: Row = [
  'tls',
  'The server does not speak TLS as an API server does',
];

const PROXY = "The portal's proxy (k8s.addresses.proxy)";
const PROXY_REFUSES: Row = ['network', `${PROXY} refuses the connection`];
const PROXY_FAILS: Row = ['network', `${PROXY} does not reach the API server`];

const BY_CODE: Record<string, Row> = {
  ECONNREFUSED: ['refused', 'Nothing listens at the address of the API server'],
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  UND_ERR_DESTROYED: ENDED,
  UND_ERR_CLOSED: ENDED,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EADDRNOTAVAIL: UNREACHABLE,
  ETIMEDOUT: TIMEOUT,
  UND_ERR_CONNECT_TIMEOUT: TIMEOUT,
  UND_ERR_HEADERS_TIMEOUT: TIMEOUT,
  UND_ERR_BODY_TIMEOUT: TIMEOUT,
  ENOTFOUND: NO_NAME,
  ENODATA: NO_NAME,
  EAI_AGAIN: [
    'name',
    "The name of the API server's host cannot be looked up now",
  ],
  CERT_HAS_EXPIRED: ['certificate', "The API server's certificate has expired"],
  CERT_NOT_YET_VALID: [
    'certificate',
    "The API server's certificate is not valid yet",
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'certificate',
    "The API server's certificate is self-signed and not the cluster's CA",
  ],
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_CA,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_CA,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_CA,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_CA,
  CERT_SIGNATURE_FAILURE: UNKNOWN_CA,
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'certificate',
    "The API server's certificate is for another host",
  ],
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  PROXY_UNREACHABLE: ['network', `${PROXY} cannot be reached`],
  PROXY_TIMEOUT: ['timeout', `${PROXY} did not answer in time`],
  PROXY_407: ['network', `${PROXY} does not accept its user and password`],
  PROXY_502: PROXY_FAILS,
  PROXY_503: PROXY_FAILS,
  PROXY_504: PROXY_FAILS,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: [
    'tls',
    'The API server demands a client certificate',
  ],
};

const OTHER_TLS: Row = [
  'tls',
  'No TLS connection to the API server can be made',
];
const OTHER_CERTIFICATE: Row = [
  'certificate',
  "The API server's certificate is not trusted",
];
const OTHER: Row = ['network', 'The connection to the API server failed'];

/** Looks at fields only: errors of Node itself need not be instances of this realm's Error. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause, errors } = error as Record<string, unknown>;
  if (typeof code === 'string') return code;
  // Several addresses were tried, or undici wrapped what the socket said.
  return codeOf(Array.isArray(errors) ? errors[0] : cause);
}

function rowOf(code: string | undefined): Row {
  if (code === undefined) return OTHER;
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code];
  if (code.startsWith('PROXY_')) return PROXY_REFUSES;
  if (/^(CERT_|UNABLE_TO|ERR_TLS_CERT)/.test(code)) return OTHER_CERTIFICATE;
  return /^(ERR_SSL|ERR_TLS)/.test(code) ? OTHER_TLS : OTHER;
}

/** The error for a request that no API server answered; errors that already say why are passed on. */
export function connectionError(error: unknown): Error {
  if (error instanceof Error && clusterFailureOf(error)) return error;
  const code = codeOf(error);
  const [cause, message] = rowOf(code);
  const known = cause === 'network' && code ? ` (${plainMessage(code)})` : '';
  return withFailure(new ServiceUnavailableError(`${message}${known}`), {
    cause,
    code,
  });
}

/** The error for an API server that did not answer within a limit of ours. */
export function timeoutError(): Error {
  const [cause, message] = TIMEOUT;
  return withFailure(new ServiceUnavailableError(message), { cause });
}
