import { withHints } from '../errors/answerHints';
import { TooManyRequestsError } from '../errors/statusErrors';

/** Streams that one caller may have open on one instance: one a browser tab. */
const PER_CALLER = 20;
/** Streams of all callers on one instance; one costs some 50 kB. */
const ALTOGETHER = 2_000;
/** Seconds. */
const RETRY_AFTER = 15;

/** Counts open streams. */
export class StreamLimits {
  private readonly byCaller = new Map<string, number>();
  private total = 0;

  /**
   * Counts a stream of a caller; returns how to count it off.
   *
   * @throws TooManyRequestsError
   */
  enter(caller: string): () => void {
    const open = this.byCaller.get(caller) ?? 0;
    if (open >= PER_CALLER || this.total >= ALTOGETHER) {
      throw withHints(
        new TooManyRequestsError(
          open >= PER_CALLER
            ? `You have ${PER_CALLER} streams open; close some pages of the portal`
            : 'Too many streams are open; try again soon',
        ),
        { retryAfterSeconds: RETRY_AFTER },
      );
    }
    this.byCaller.set(caller, open + 1);
    this.total++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.total--;
      const remaining = (this.byCaller.get(caller) ?? 1) - 1;
      if (remaining > 0) this.byCaller.set(caller, remaining);
      else this.byCaller.delete(caller);
    };
  }
}
