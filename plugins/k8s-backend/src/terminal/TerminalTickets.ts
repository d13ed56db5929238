import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { NotAllowedError } from '@backstage/errors';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { withHints } from '../errors/answerHints';
import { TooManyRequestsError } from '../errors/statusErrors';
import type { TerminalPlace } from './PodTerminals';
import type { TerminalStore } from './TerminalStore';

/** Milliseconds that a ticket is good for. */
const GOOD_FOR_MS = 30_000;
/** Milliseconds that a terminal counts as open without another word; longer than between two of them. */
const OPEN_FOR_MS = 30_000;
/** Terminals that one user may have open, on all instances together. */
const MAX_OPEN = 5;
/** Tickets of one user that can still be used. */
const MAX_TICKETS = 20;
const BYTES = 32;

function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}

/** Gives out tickets, and takes each once. */
export class TerminalTickets {
  readonly #store: TerminalStore;

  constructor(store: TerminalStore) {
    this.#store = store;
  }

  /** @throws TooManyRequestsError */
  async issue(
    place: TerminalPlace,
    principal: string,
  ): Promise<Schema<'TerminalTicket'>> {
    const { tickets } = await this.#store.count(principal);
    if (tickets >= MAX_TICKETS) {
      throw withHints(
        new TooManyRequestsError(
          'You have asked for many terminals and not opened them; try again in half a minute',
        ),
        { retryAfterSeconds: GOOD_FOR_MS / 1000 },
      );
    }
    const id = randomUUID();
    const ticket = randomBytes(BYTES).toString('base64url');
    const expiresAt = await this.#store.add(
      { id, hash: hashOf(ticket), principal, place },
      { goodForMs: GOOD_FOR_MS },
    );
    return {
      ...{ id, ticket, container: place.container },
      expiresAt: new Date(expiresAt).toISOString(),
    };
  }

  /**
   * Where the terminal of a ticket is to be; the ticket is used up.
   *
   * @throws NotAllowedError for a ticket that is used, has expired or is not this user's or this terminal's;
   * TooManyRequestsError, then it can be used later
   */
  async redeem(shown: {
    id: string;
    ticket: string;
    principal: string;
  }): Promise<TerminalPlace> {
    const { id, ticket, principal } = shown;
    const place = await this.#store.use(
      { id, hash: hashOf(ticket), principal },
      { openForMs: OPEN_FOR_MS, maxOpen: MAX_OPEN },
    );
    if (place) return place;
    const { open } = await this.#store.count(principal);
    if (open >= MAX_OPEN) {
      throw new TooManyRequestsError(
        `You have ${MAX_OPEN} terminals open; close one first`,
      );
    }
    throw new NotAllowedError(
      'The ticket of this terminal is used, has expired, or is not yours; open the terminal again',
    );
  }

  /** Says that a terminal is still open. */
  async keepOpen(id: string): Promise<void> {
    await this.#store.keepOpen(id, OPEN_FOR_MS);
  }

  /** Says that a terminal is not open any more. */
  async close(id: string): Promise<void> {
    await this.#store.keepOpen(id, 0);
  }
}
