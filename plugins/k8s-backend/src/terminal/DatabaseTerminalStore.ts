import type { Knex } from 'knex';
import { databaseTime } from '../database/databaseTime';
import type { TerminalPlace } from './PodTerminals';
import type {
  NewTicket,
  ShownTicket,
  TerminalCounts,
  TerminalStore,
} from './TerminalStore';

const TABLE = 'terminal_tickets';

interface Row {
  id: string;
  cluster: string;
  namespace: string;
  pod: string;
  container: string;
  command: string;
  // PostgreSQL answers 64 bit integers as text.
  expires_at: number | string;
}

/** Keeps tickets in a table. */
export class DatabaseTerminalStore implements TerminalStore {
  readonly #database: Knex;

  constructor(database: Knex) {
    this.#database = database;
  }

  async add(
    { id, hash, principal, place }: NewTicket,
    { goodForMs }: { goodForMs: number },
  ): Promise<number> {
    await this.#database(TABLE).insert({
      id,
      ticket_hash: hash,
      principal,
      ...place,
      command: JSON.stringify(place.command),
      expires_at: this.#fromNow(goodForMs),
    });
    const row = await this.#row(id);
    return Number(row?.expires_at);
  }

  async use(
    { id, hash, principal }: ShownTicket,
    { openForMs, maxOpen }: { openForMs: number; maxOpen: number },
  ): Promise<TerminalPlace | undefined> {
    const now = databaseTime(this.#database);
    const used = await this.#database(TABLE)
      .where({ id, ticket_hash: hash, principal })
      .whereNull('used_at')
      .where('expires_at', '>', now)
      .whereRaw('(?) < ?', [
        this.#database(`${TABLE} as other`)
          .count('*')
          .where('other.principal', principal)
          .where('other.open_until', '>', now),
        maxOpen,
      ])
      .update({ used_at: now, open_until: this.#fromNow(openForMs) });
    const row = used === 1 ? await this.#row(id) : undefined;
    if (!row) return undefined;
    const { cluster, namespace, pod, container, command } = row;
    return {
      ...{ cluster, namespace, pod, container },
      command: JSON.parse(command),
    };
  }

  async count(principal: string): Promise<TerminalCounts> {
    const now = databaseTime(this.#database);
    const [tickets] = await this.#database(TABLE)
      .where({ principal })
      .whereNull('used_at')
      .where('expires_at', '>', now)
      .count({ count: '*' });
    const [open] = await this.#database(TABLE)
      .where({ principal })
      .where('open_until', '>', now)
      .count({ count: '*' });
    return { tickets: Number(tickets.count), open: Number(open.count) };
  }

  async keepOpen(id: string, openForMs: number): Promise<void> {
    await this.#database(TABLE)
      .where({ id })
      .update({ open_until: this.#fromNow(openForMs) });
  }

  async prune(olderThanMs: number): Promise<number> {
    const now = databaseTime(this.#database);
    return this.#database(TABLE)
      .where('expires_at', '<', this.#fromNow(-olderThanMs))
      .where(closed =>
        closed.whereNull('open_until').orWhere('open_until', '<', now),
      )
      .delete();
  }

  #row(id: string): Promise<Row | undefined> {
    return this.#database<Row>(TABLE).where({ id }).first();
  }

  #fromNow(durationMs: number): Knex.Raw {
    return this.#database.raw('(? + ?)', [
      databaseTime(this.#database),
      durationMs,
    ]);
  }
}
