import { ChangeBuffer } from './ChangeBuffer';
import type { StreamMessage } from './ChangeBuffer';
import { pause } from './pause';
import type { Subscription, TopicEvent } from './TopicSource';

/** Milliseconds that changes are collected before they are sent together. */
const WINDOW_MS = 200;

/** Why a stream ended. */
export type EndReason =
  | 'tokenExpired'
  | 'accessUnknown'
  | 'shutdown'
  | 'nothingLeft';

/** What waits to be sent on one stream. */
export class Outbox {
  private readonly buffers = new Map<string, ChangeBuffer>();
  private readonly ended = new AbortController();
  private endReason?: EndReason;
  private wake?: () => void;
  private dirty = false;

  /** @param signal - aborted when the reader is gone */
  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => this.ended.abort(), { once: true });
    this.ended.signal.addEventListener('abort', () => this.wake?.(), {
      once: true,
    });
  }

  add(subscription: Subscription, event: TopicEvent): void {
    const buffer =
      this.buffers.get(subscription.id) ?? new ChangeBuffer(subscription);
    this.buffers.set(subscription.id, buffer);
    buffer.add(event);
    this.dirty = true;
    this.wake?.();
  }

  /** Sends what is left and the reason, then nothing more. */
  end(reason: EndReason): void {
    this.endReason ??= reason;
    this.ended.abort();
  }

  /** What to send, as fast as it is asked for. */
  async *messages(): AsyncGenerator<StreamMessage> {
    yield { event: 'ready', data: {} };
    for (;;) {
      await this.changed();
      if (this.signal.aborted) return;
      yield* [...this.buffers.values()].flatMap(buffer => buffer.take());
      if (this.endReason) {
        yield { event: 'end', data: { reason: this.endReason } };
        return;
      }
    }
  }

  private async changed(): Promise<void> {
    if (!this.dirty && !this.ended.signal.aborted) {
      await new Promise<void>(resolve => {
        this.wake = resolve;
      });
      this.wake = undefined;
    }
    await pause(WINDOW_MS, this.ended.signal);
    this.dirty = false;
  }
}
