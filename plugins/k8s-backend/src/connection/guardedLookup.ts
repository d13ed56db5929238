import type { LookupFunction } from 'node:net';
import type { AddressGuard } from './AddressGuard';

/** Looks names up for a connection, and answers only addresses that the guard lets through. */
export function guardedLookup(guard: AddressGuard): LookupFunction {
  return (name, { all }, done) => {
    guard.addresses(name).then(
      addresses =>
        all
          ? done(null, addresses)
          : done(null, addresses[0].address, addresses[0].family),
      error => done(error, []),
    );
  };
}
