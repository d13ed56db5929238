/**
 * Decides which addresses the back end may connect to. A name is looked up here and nowhere else, every address that it has is
 * checked, and the connection goes to one of exactly those: a name server that answers otherwise a moment later is not asked.
 *
 * Allowed is what is globally reachable, and what the operator lists. Spellings do not matter: what is compared are the
 * address's bytes, an IPv6 address that stands for an IPv4 one is compared as that.
 */
import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { ServiceUnavailableError } from '@backstage/errors';
import ipaddr from 'ipaddr.js';
import { withFailure } from '../errors/clusterErrors';
import { isWithin, parseAddress, readRanges } from './addressRanges';
import type { Address, AddressRange } from './addressRanges';

/** Looks a name up; answers all its addresses. */
export type Resolver = (host: string) => Promise<LookupAddress[]>;

// Where clouds hand out credentials to whoever asks: no API server is there, so no range of the operator's opens them.
const METADATA = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.0.23',
  '169.254.42.42',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fe80::a9fe:a9fe',
]);
/**
 * IPv6 ranges whose addresses hold an IPv4 address that packets are sent on to, and the place of its first byte: NAT64 (RFC 6052,
 * RFC 8215), 6to4 (RFC 3056), IPv4-compatible (RFC 4291).
 */
const CARRIERS: readonly (readonly [AddressRange, number])[] = [
  [ipaddr.parseCIDR('64:ff9b::/96'), 12],
  [ipaddr.parseCIDR('64:ff9b:1::/48'), 12],
  [ipaddr.parseCIDR('2002::/16'), 2],
  [ipaddr.parseCIDR('::/96'), 12],
];
/** RFC 4291: the only IPv6 addresses that are global. */
const GLOBAL_IPV6: AddressRange = [ipaddr.parse('2000::'), 3];

const REASONS: Record<string, string> = {
  loopback: 'of this machine itself',
  linkLocal: 'link-local',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'shared by a carrier',
  multicast: 'multicast',
  unspecified: 'unspecified',
};

/** Whether an address is that of a metadata service, or one that leads to it. */
function isMetadata(address: Address): boolean {
  const bytes = address.toByteArray();
  const carried = CARRIERS.filter(([range]) => isWithin(address, range)).map(
    ([, start]) => bytes.slice(start, start + 4).join('.'),
  );
  return [address.toString(), ...carried].some(text => METADATA.has(text));
}

/** Why an address is not reachable from everywhere, or undefined when it is. */
function reasonAgainst(address: Address): string | undefined {
  const range = address.range();
  if (range !== 'unicast') return REASONS[range] ?? 'reserved';
  const isGlobal = address.kind() === 'ipv4' || isWithin(address, GLOBAL_IPV6);
  return isGlobal ? undefined : 'reserved';
}

function refusal(reason: string): Error {
  return withFailure(
    new ServiceUnavailableError(
      `The address of the API server is ${reason}, and addresses like that are not allowed here`,
    ),
    { cause: 'address' },
  );
}

/** Checks the addresses of API servers. */
export class AddressGuard {
  readonly #allowed: AddressRange[];
  readonly #resolve: Resolver;

  /**
   * @param options - `allow`: ranges as CIDR, besides the globally reachable addresses
   * @throws InputError when a range cannot be read
   */
  constructor(options: { allow?: readonly string[]; resolve?: Resolver } = {}) {
    this.#allowed = readRanges(options.allow ?? [], 'k8s.addresses.allow');
    this.#resolve =
      options.resolve ?? (host => lookup(host, { all: true, verbatim: true }));
  }

  /** @throws ServiceUnavailableError (cause `address`) when it may not be connected to */
  check(address: string): void {
    const parsed = parseAddress(address);
    if (!parsed) throw refusal('not an IP address');
    if (isMetadata(parsed)) {
      throw refusal("that of a cloud's metadata service");
    }
    if (this.#allowed.some(range => isWithin(parsed, range))) return;
    const reason = reasonAgainst(parsed);
    if (reason) throw refusal(reason);
  }

  /**
   * The addresses that a host (a name, or a literal address) may be connected to: all that it has.
   *
   * @throws ServiceUnavailableError (cause `address`) when one of them is not allowed; the resolver's error
   */
  async addresses(host: string): Promise<LookupAddress[]> {
    const family = isIP(host);
    const found = family
      ? [{ address: host, family }]
      : await this.#resolve(host);
    if (found.length === 0) {
      throw Object.assign(new Error('No address'), { code: 'ENOTFOUND' });
    }
    for (const { address } of found) this.check(address);
    return found;
  }
}
