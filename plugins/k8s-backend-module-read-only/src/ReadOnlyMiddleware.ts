import { NotAllowedError } from '@backstage/errors';
import type { ApiMiddleware, ApiRequest } from '@backstage-k8s/plugin-k8s-node';

/** Answers requests that change nothing, plans among them, and refuses all others. */
export class ReadOnlyMiddleware implements ApiMiddleware {
  readonly name = 'read-only';
  readonly #reason: string;

  constructor(options: { reason: string }) {
    this.#reason = options.reason;
  }

  /** @throws NotAllowedError */
  async handle<Answer>(
    { isChange, query }: ApiRequest,
    next: () => Promise<Answer>,
  ): Promise<Answer> {
    if (isChange && query.dryRun !== true) {
      throw new NotAllowedError(this.#reason);
    }
    return next();
  }
}
