/**
 * Ranges of addresses. Spellings do not matter: what is compared are the address's bytes, an IPv6 address that stands for an IPv4
 * one is compared as that.
 */
import { isIP } from 'node:net';
import { InputError } from '@backstage/errors';
import ipaddr from 'ipaddr.js';

/** An address, read. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** An address and how many bits of it count. */
export type AddressRange = [Address, number];

/** An address as it is compared; undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
  // A zone says which interface, not which address.
  const [plain] = text.split('%');
  // IPv4-mapped addresses become the IPv4 address that they stand for.
  return isIP(plain) ? ipaddr.process(plain) : undefined;
}

/** Whether an address is in a range. */
export function isWithin(
  address: Address,
  [range, bits]: AddressRange,
): boolean {
  // ipaddr.js throws when the kinds differ.
  return address.kind() === range.kind() && address.match(range, bits);
}

/**
 * Reads ranges of the configuration.
 *
 * @param key - what the list is called there
 * @throws InputError
 */
export function readRanges(
  ranges: readonly string[],
  key: string,
): AddressRange[] {
  return ranges.map(range => {
    if (!ipaddr.isValidCIDR(range)) {
      throw new InputError(
        `${key}: each entry has to be a range like 10.20.0.0/16`,
      );
    }
    return ipaddr.parseCIDR(range);
  });
}
