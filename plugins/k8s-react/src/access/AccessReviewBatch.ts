import type { AccessDecision, AccessReview } from '../api/K8sApi';

/** The most that one request may ask; as the API has it. */
const MAXIMUM_REVIEWS = 100;

interface Waiting {
  review: AccessReview;
  promise: Promise<AccessDecision>;
  resolve: (decision: AccessDecision) => void;
  reject: (error: unknown) => void;
}

/** Collects the reviews of one tick and asks for them together; equal ones once. */
export class AccessReviewBatch {
  readonly #send: (reviews: AccessReview[]) => Promise<AccessDecision[]>;
  #waiting = new Map<string, Waiting>();

  constructor(send: (reviews: AccessReview[]) => Promise<AccessDecision[]>) {
    this.#send = send;
  }

  review(review: AccessReview): Promise<AccessDecision> {
    const key = JSON.stringify(review);
    const known = this.#waiting.get(key);
    if (known) return known.promise;
    if (this.#waiting.size === 0) setTimeout(() => this.#flush(), 0);
    let resolve: Waiting['resolve'] = () => {};
    let reject: Waiting['reject'] = () => {};
    const promise = new Promise<AccessDecision>((res, rej) => {
      resolve = res;
      reject = rej;
    });
    this.#waiting.set(key, { review, promise, resolve, reject });
    return promise;
  }

  #flush() {
    const all = [...this.#waiting.values()];
    this.#waiting = new Map();
    for (let start = 0; start < all.length; start += MAXIMUM_REVIEWS) {
      this.#ask(all.slice(start, start + MAXIMUM_REVIEWS));
    }
  }

  async #ask(batch: Waiting[]) {
    try {
      const decisions = await this.#send(batch.map(({ review }) => review));
      batch.forEach(({ resolve }, index) => resolve(decisions[index]));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    }
  }
}
