import type { Knex } from 'knex';
import { storeDatabases } from '../database/__testUtils__/storeDatabases';
import { DatabaseTerminalStore } from './DatabaseTerminalStore';
import { TerminalTickets } from './TerminalTickets';

jest.setTimeout(60_000);

const databases = storeDatabases();
const JANE = 'user:default/jane';
const JOE = 'user:default/joe';
const PLACE = {
  cluster: 'c1',
  namespace: 'shop',
  pod: 'payments-1',
  container: 'main',
  command: ['sh', '-c', 'x'],
};
const TABLE = 'terminal_tickets';

describe.each(databases.ids)('tickets on %s', id => {
  let database: Knex;
  let tickets: TerminalTickets;
  beforeEach(async () => {
    database = await databases.open(id);
    tickets = new TerminalTickets(new DatabaseTerminalStore(database));
  });

  const redeem = (ticket: { id: string; ticket: string }, principal = JANE) =>
    tickets.redeem({ id: ticket.id, ticket: ticket.ticket, principal });

  it('gives the place once, of twenty who try on two instances', async () => {
    const issued = await tickets.issue(PLACE, JANE);
    const other = new TerminalTickets(new DatabaseTerminalStore(database));
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? tickets : other).redeem({ ...issued, principal: JANE }),
      ),
    );
    const given = results.flatMap(result =>
      result.status === 'fulfilled' ? [result.value] : [],
    );
    expect(given).toEqual([PLACE]);
  });

  it('refuses what is made up, somebody else’s, or of another terminal', async () => {
    const issued = await tickets.issue(PLACE, JANE);
    const another = await tickets.issue(PLACE, JANE);
    const refused = { name: 'NotAllowedError' };
    await expect(redeem(issued, JOE)).rejects.toMatchObject(refused);
    await expect(
      redeem({ ...issued, ticket: another.ticket }),
    ).rejects.toMatchObject(refused);
    await expect(redeem({ ...issued, ticket: 'x' })).rejects.toMatchObject(
      refused,
    );
    await expect(redeem({ ...issued, id: another.id })).rejects.toMatchObject(
      refused,
    );
    // None of that used it up.
    await expect(redeem(issued)).resolves.toEqual(PLACE);
  });

  it('refuses what has expired', async () => {
    const issued = await tickets.issue(PLACE, JANE);
    await database(TABLE).update({ expires_at: 1 });
    await expect(redeem(issued)).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
  });

  it('keeps no ticket that could be used', async () => {
    const issued = await tickets.issue(PLACE, JANE);
    const rows = await database(TABLE).select();
    expect(JSON.stringify(rows)).not.toContain(issued.ticket);
    expect(Date.parse(issued.expiresAt)).toBe(Number(rows[0].expires_at));
  });

  it('opens five terminals of a user, and another when one has closed', async () => {
    const opened = [];
    for (let count = 0; count < 5; count += 1) {
      const issued = await tickets.issue(PLACE, JANE);
      await redeem(issued);
      opened.push(issued);
    }
    const sixth = await tickets.issue(PLACE, JANE);
    await expect(redeem(sixth)).rejects.toMatchObject({
      name: 'TooManyRequestsError',
    });
    const others = await tickets.issue(PLACE, JOE);
    await expect(redeem(others, JOE)).resolves.toEqual(PLACE);
    await tickets.close(opened[0].id);
    await expect(redeem(sixth)).resolves.toEqual(PLACE);
  });

  it('forgets the terminals of a back end that is gone', async () => {
    for (let count = 0; count < 5; count += 1) {
      await redeem(await tickets.issue(PLACE, JANE));
    }
    await database(TABLE).update({ open_until: 1 });
    const issued = await tickets.issue(PLACE, JANE);
    await tickets.keepOpen(issued.id);
    await expect(redeem(issued)).resolves.toEqual(PLACE);
  });

  it('gives out no more than twenty tickets that nobody uses', async () => {
    for (let count = 0; count < 20; count += 1) {
      await tickets.issue(PLACE, JANE);
    }
    await expect(tickets.issue(PLACE, JANE)).rejects.toMatchObject({
      name: 'TooManyRequestsError',
    });
    await expect(tickets.issue(PLACE, JOE)).resolves.toBeDefined();
  });

  it('prunes what is old and not open', async () => {
    const store = new DatabaseTerminalStore(database);
    const old = await tickets.issue(PLACE, JANE);
    const open = await tickets.issue(PLACE, JANE);
    await redeem(open);
    await database(TABLE).update({ expires_at: 1 });
    await tickets.issue(PLACE, JANE);
    expect(await store.prune(1_000)).toBe(1);
    const left = await database(TABLE).select('id');
    expect(left).toHaveLength(2);
    expect(left.map(row => row.id)).not.toContain(old.id);
  });
});
