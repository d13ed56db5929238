import type { HealthComponent } from '../HealthCheck';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Time that people have to renew what ends. */
const SOON_DAYS = 14;
const SOURCE = 'TLS handshake and our credential';

/** What ends: RFC 3339, absent where it does not end or is not known. */
export interface Expiries {
  /** Of the certificate that the API server shows. */
  server?: string;
  /** Of our token or client certificate. */
  credential?: string;
}

/** Whether the API server's certificate or our own credential ends soon. */
export function certificateExpiry(
  expiries: Expiries,
  now: Date,
): HealthComponent {
  const ends = [
    { what: "The API server's certificate", at: expiries.server },
    { what: "The portal's credential", at: expiries.credential },
  ]
    .flatMap(({ what, at }) => (at === undefined ? [] : [{ what, at }]))
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const [first] = ends;
  if (!first) {
    return {
      name: 'certificates',
      source: SOURCE,
      status: 'unknown',
      message: 'Not known before the first connection',
    };
  }
  const leftDays = (Date.parse(first.at) - now.getTime()) / DAY_MS;
  const outcome = outcomeOf(first, leftDays);
  return {
    name: 'certificates',
    source: SOURCE,
    ...outcome,
    seen: now.toISOString(),
    expiresAt: first.at,
  };
}

function outcomeOf(
  { what, at }: { what: string; at: string },
  leftDays: number,
) {
  if (leftDays <= 0) {
    return { status: 'unhealthy' as const, message: `${what} has expired` };
  }
  if (leftDays < SOON_DAYS) {
    return { status: 'degraded' as const, message: `${what} ends on ${at}` };
  }
  return { status: 'healthy' as const };
}
