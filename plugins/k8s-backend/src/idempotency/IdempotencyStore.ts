import type { StoredAnswer } from './IdempotencyKeys';

/** The right to do a request's work; ends when its epoch is no longer the stored one. */
export interface Claim {
  marker: string;
  epoch: number;
}

/** What became of an attempt to claim a request. */
export type ClaimResult =
  /** `resumed`: an earlier attempt ended without an answer and may have had an effect. */
  | { outcome: 'claimed'; claim: Claim; resumed: boolean }
  | { outcome: 'running'; retryAfterMs: number }
  | { outcome: 'done'; answer: StoredAnswer }
  | { outcome: 'otherRequest' };

/** Keeps requests by their key. Every write but the first carries the claim's epoch. */
export interface IdempotencyStore {
  /** @param request - `leaseMs`: how long the claim holds without being renewed */
  claim(request: {
    marker: string;
    fingerprint: string;
    leaseMs: number;
  }): Promise<ClaimResult>;
  /** Answers whether the claim still held. */
  renew(claim: Claim, leaseMs: number): Promise<boolean>;
  /** Keeps the answer. Answers whether the claim still held. */
  complete(claim: Claim, answer: StoredAnswer): Promise<boolean>;
  /** Gives the claim up without an answer: the next equal request takes over. */
  release(claim: Claim): Promise<void>;
  /** Gives up the claim of a first attempt that had no effect: the next request is the first again. */
  withdraw(claim: Claim): Promise<void>;
  /** Forgets what is older. Answers how many. */
  prune(olderThanMs: number): Promise<number>;
}
