import type { Knex } from 'knex';
import { databaseTime } from '../database/databaseTime';
import type { StoredAnswer } from './IdempotencyKeys';
import type { Claim, ClaimResult, IdempotencyStore } from './IdempotencyStore';

const TABLE = 'idempotency_keys';

interface Row {
  marker: string;
  fingerprint: string;
  state: 'running' | 'done';
  // PostgreSQL answers 64 bit integers as text.
  epoch: number | string;
  lease_until: number | string;
  status: number | null;
  answer: string | null;
  created_at: number | string;
}

/** Keeps requests in a table; several instances may share it. */
export class DatabaseIdempotencyStore implements IdempotencyStore {
  private readonly database: Knex;
  private readonly keepMs: number;

  /** @param options - `keepMs`: an older row counts as if it were not there */
  constructor(options: { database: Knex; keepMs: number }) {
    this.database = options.database;
    this.keepMs = options.keepMs;
  }

  async claim(request: {
    marker: string;
    fingerprint: string;
    leaseMs: number;
  }): Promise<ClaimResult> {
    await this.forget(request.marker);
    const inserted = await this.database(TABLE)
      .insert({
        marker: request.marker,
        fingerprint: request.fingerprint,
        state: 'running',
        epoch: 1,
        lease_until: this.now(request.leaseMs),
        created_at: this.now(),
      })
      .onConflict('marker')
      .ignore()
      .returning('marker');
    if (inserted.length > 0) {
      const claim = { marker: request.marker, epoch: 1 };
      return { outcome: 'claimed', claim, resumed: false };
    }
    return this.join(request);
  }

  async renew(claim: Claim, leaseMs: number): Promise<boolean> {
    const changed = await this.held(claim).update({
      lease_until: this.now(leaseMs),
    });
    return changed > 0;
  }

  async complete(claim: Claim, answer: StoredAnswer): Promise<boolean> {
    const changed = await this.held(claim).update({
      state: 'done',
      status: answer.status,
      answer: JSON.stringify({ headers: answer.headers, body: answer.body }),
    });
    return changed > 0;
  }

  async release(claim: Claim): Promise<void> {
    await this.held(claim).update({ lease_until: 0 });
  }

  async withdraw(claim: Claim): Promise<void> {
    await this.held(claim).delete();
  }

  async prune(olderThanMs: number): Promise<number> {
    return this.database(TABLE)
      .where('created_at', '<', this.now(-olderThanMs))
      .delete();
  }

  /** What an existing row means for an equal request. */
  private async join(request: {
    marker: string;
    fingerprint: string;
    leaseMs: number;
  }): Promise<ClaimResult> {
    const row = await this.database<Row>(TABLE)
      .where({ marker: request.marker })
      .first('*', { now: this.now() });
    // Gone between the two statements: a moment later it is free.
    if (!row) return { outcome: 'running', retryAfterMs: 1000 };
    if (row.fingerprint !== request.fingerprint) {
      return { outcome: 'otherRequest' };
    }
    if (row.state === 'done') {
      const { headers, body } = JSON.parse(row.answer ?? '{}');
      return {
        outcome: 'done',
        answer: { status: row.status ?? 200, headers, body },
      };
    }
    const epoch = Number(row.epoch);
    const taken = await this.held({ marker: request.marker, epoch })
      .where('lease_until', '<', this.now())
      .update({ epoch: epoch + 1, lease_until: this.now(request.leaseMs) });
    if (taken > 0) {
      const claim = { marker: request.marker, epoch: epoch + 1 };
      return { outcome: 'claimed', claim, resumed: true };
    }
    const { now } = row as unknown as { now: number | string };
    const left = Number(row.lease_until) - Number(now);
    return { outcome: 'running', retryAfterMs: Math.max(left, 1000) };
  }

  private held(claim: Claim) {
    return this.database<Row>(TABLE).where({
      marker: claim.marker,
      epoch: claim.epoch,
      state: 'running',
    });
  }

  /** Deletes a row that is too old to count. */
  private async forget(marker: string): Promise<void> {
    await this.database(TABLE)
      .where({ marker })
      .where('created_at', '<', this.now(-this.keepMs))
      .delete();
  }

  private now(offsetMs = 0): Knex.Raw {
    return this.database.raw('(? + ?)', [
      databaseTime(this.database),
      offsetMs,
    ]);
  }
}
