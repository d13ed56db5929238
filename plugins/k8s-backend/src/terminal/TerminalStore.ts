import type { TerminalPlace } from './PodTerminals';

/** A ticket as it is kept. */
export interface NewTicket {
  /** Of the terminal. */
  id: string;
  /** SHA-256 of the ticket, in hexadecimal. */
  hash: string;
  /** Entity reference of the user that it is for. */
  principal: string;
  place: TerminalPlace;
}

/** What somebody shows who wants to use a ticket. */
export type ShownTicket = Pick<NewTicket, 'id' | 'hash' | 'principal'>;

/** What a user has by now. */
export interface TerminalCounts {
  /** Tickets that can still be used. */
  tickets: number;
  /** Terminals that are open, on any instance. */
  open: number;
}

/** Keeps tickets, and which terminals are open, for all instances. */
export interface TerminalStore {
  /** Keeps a ticket for so long; answers until when, in milliseconds. */
  add(ticket: NewTicket, options: { goodForMs: number }): Promise<number>;
  /**
   * Uses a ticket: of several who try, on any instance, one gets the place, the others nothing. So does whoever shows a ticket that
   * has expired, or is somebody else's, or has as many terminals open as one may. It counts as open for `openForMs` then.
   */
  use(
    ticket: ShownTicket,
    options: { openForMs: number; maxOpen: number },
  ): Promise<TerminalPlace | undefined>;
  count(principal: string): Promise<TerminalCounts>;
  /** The terminal counts as open from now for so long; 0: not any more. */
  keepOpen(id: string, openForMs: number): Promise<void>;
  /** Forgets tickets that expired so long ago and are not open. Answers how many. */
  prune(olderThanMs: number): Promise<number>;
}
