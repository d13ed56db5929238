/**
 * Finds the items of a Kubernetes List in bytes as they arrive, so that a list is never held as one string: a V8 string ends
 * at 512 MiB. Only brackets, strings and the top level's keys are looked at; the rest is left to JSON.parse, item by item.
 * What surrounds the items (kind, metadata) is collected and parsed at the end, since it may come before or after them.
 */
import { GarbageError } from './LineSplitter';

/** What a List says besides its items. */
export interface ListEnvelope {
  kind?: string;
  apiVersion?: string;
  metadata?: {
    resourceVersion?: string;
    continue?: string;
    remainingItemCount?: number;
  };
}

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const ITEMS_KEY = Buffer.from('items');

const DEFAULT_LIMITS = {
  // As for a line of a watch: no API server stores larger ones.
  maxItemBytes: 16 * 1024 * 1024,
  maxEnvelopeBytes: 1024 * 1024,
};
// Object of the List itself, then its array of items, then an item.
const TOP_DEPTH = 1;
const ITEMS_DEPTH = 2;

/** Splits one List; a new one is needed for each answer. */
export class ListSplitter {
  readonly #limits: typeof DEFAULT_LIMITS;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The top level's string that is being read, or was read last. */
  #key: number[] | undefined;
  #afterColon = false;
  #inItems = false;
  #ended = false;
  #item: Uint8Array[] = [];
  #itemBytes = 0;
  #envelope: Uint8Array[] = [];
  #envelopeBytes = 0;

  constructor(limits: Partial<typeof DEFAULT_LIMITS> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /**
   * The items that end in this chunk, each as the bytes of one JSON value.
   *
   * @throws GarbageError when it is no List, or something in it is too large
   */
  *push(chunk: Uint8Array): Generator<Buffer> {
    // Where the item, or the envelope's part, that runs at the moment begins in this chunk.
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#inString) {
        this.#readString(byte);
        continue;
      }
      switch (byte) {
        case QUOTE:
          this.#refuseBetweenItems();
          this.#inString = true;
          if (this.#depth === TOP_DEPTH && !this.#afterColon) this.#key = [];
          break;
        case COLON:
          if (this.#depth === TOP_DEPTH) this.#afterColon = true;
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          if (this.#opensItems(byte)) {
            this.#keepEnvelope(chunk.subarray(start, at + 1));
            this.#inItems = true;
            start = at + 1;
          } else if (this.#inItems && this.#depth === ITEMS_DEPTH) {
            start = at;
          }
          this.#depth += 1;
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          this.#depth -= 1;
          if (this.#depth < 0) throw new GarbageError('A list ends too early');
          if (this.#depth === 0) this.#ended = true;
          if (!this.#inItems) break;
          if (this.#depth === ITEMS_DEPTH) {
            yield this.#closeItem(chunk.subarray(start, at + 1));
            start = at + 1;
          } else if (this.#depth === TOP_DEPTH) {
            this.#inItems = false;
            start = at;
          }
          break;
        case COMMA:
          if (this.#depth === TOP_DEPTH) this.#afterColon = false;
          break;
        default:
          if (byte > SPACE) this.#refuseBetweenItems();
      }
    }
    this.#keepRest(chunk, start);
  }

  /**
   * What surrounds the items, once all chunks were pushed.
   *
   * @throws GarbageError when the List is not complete or not JSON
   */
  end(): ListEnvelope {
    // `items` may be null or absent where an aggregated API has none; the envelope is then all there is.
    if (!this.#ended) throw new GarbageError('A list ended before its end');
    const envelope = parseJson(Buffer.concat(this.#envelope));
    if (typeof envelope !== 'object' || envelope === null) {
      throw new GarbageError('A list is not an object');
    }
    return envelope;
  }

  #readString(byte: number) {
    if (this.#escaped) {
      this.#escaped = false;
    } else if (byte === BACKSLASH) {
      this.#escaped = true;
    } else if (byte === QUOTE) {
      this.#inString = false;
      return;
    }
    const readsKey = this.#depth === TOP_DEPTH && !this.#afterColon;
    if (readsKey && this.#key && this.#key.length <= ITEMS_KEY.length) {
      this.#key.push(byte);
    }
  }

  #refuseBetweenItems() {
    if (this.#inItems && this.#depth === ITEMS_DEPTH) {
      throw new GarbageError('An item of a list is not an object');
    }
  }

  #opensItems(byte: number): boolean {
    return (
      byte === OPEN_BRACKET &&
      this.#depth === TOP_DEPTH &&
      this.#afterColon &&
      this.#key !== undefined &&
      ITEMS_KEY.equals(Uint8Array.from(this.#key))
    );
  }

  #closeItem(tail: Uint8Array): Buffer {
    this.#checkItem(tail.length);
    const item =
      this.#item.length === 0
        ? Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength)
        : Buffer.concat([...this.#item, tail]);
    this.#item = [];
    this.#itemBytes = 0;
    return item;
  }

  #keepRest(chunk: Uint8Array, start: number) {
    const rest = chunk.subarray(start);
    if (!this.#inItems) {
      this.#keepEnvelope(rest);
    } else if (this.#depth > ITEMS_DEPTH) {
      this.#checkItem(rest.length);
      this.#item.push(rest);
      this.#itemBytes += rest.length;
    }
  }

  #checkItem(added: number) {
    if (this.#itemBytes + added > this.#limits.maxItemBytes) {
      throw new GarbageError('An item of a list is larger than allowed');
    }
  }

  #keepEnvelope(part: Uint8Array) {
    this.#envelopeBytes += part.length;
    if (this.#envelopeBytes > this.#limits.maxEnvelopeBytes) {
      throw new GarbageError('What surrounds a list is larger than allowed');
    }
    this.#envelope.push(part);
  }
}

/** @throws GarbageError when the bytes are no JSON; the bytes are not in its message */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new GarbageError('What arrived is not JSON');
  }
}
