/**
 * Whole objects in little memory. A parsed pod takes about 17 KiB of heap, its text 7 KiB, a block of such texts compressed
 * together well under 1 KiB each; one at a time they would compress neither as well nor as fast.
 *
 * Objects that have just changed are kept parsed: many of them change again soon. The oldest of these are packed into a block
 * when there are enough, all of them when a list is complete or nothing happens any more: of a hundred clusters the few that would
 * stay parsed would be most of the memory. A block of which most objects are gone is packed again with others.
 */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { parsedBytes } from './memory/sizes';

// Objects a block. More compress better; every one that is read costs unpacking them all, about 100 µs.
const BLOCK_OBJECTS = 32;
// Of text: a block of large objects has fewer, so that reading one does not unpack megabytes.
const BLOCK_BYTES = 512 * 1024;
// Of text that is packed in one step; what is more waits for the next.
const STEP_BYTES = 4 * 1024 * 1024;
// Objects per kind that stay parsed besides.
const DEFAULT_PARSED_OBJECTS = 64;
// A block is packed again when less than this share of its objects is left.
const LEAST_LIVE_SHARE = 0.5;
// Blocks that stay unpacked, since pages read neighbours: about 7 KiB an object.
const OPEN_BLOCKS = 8;
// After this time without a change or a reader neither is worth its memory: with a thousand kinds it would be gigabytes.
const REST_MS = 60_000;

/** Where one object is; given out by {@link BodyStore.add}. */
export class Body {
  /** Set until it is packed. */
  object: KubernetesObject | undefined;
  /** Set while it waits to be packed again. */
  text: Buffer | undefined;
  block: Block | undefined;
  start = 0;
  /** Until it is packed: bytes that it takes, about; 0: nobody has asked yet. */
  end = 0;
  isGone = false;

  /** @param object - absent: it is kept nowhere */
  constructor(object?: KubernetesObject) {
    this.object = object;
  }

  /** Whether the object can be read. */
  get isKept(): boolean {
    return Boolean(this.object ?? this.text ?? this.block);
  }
}

interface Block {
  readonly packed: Buffer;
  readonly bodies: Body[];
  live: number;
}

/** The objects of one kind in one cluster. */
export class BodyStore {
  readonly #parsedObjects: number;
  /** Not packed yet, the oldest first. */
  #young: Body[] = [];
  /** What is left of blocks that most objects are gone from, as text. */
  #left: Body[] = [];
  /** The one block that has fewer objects than others: it is packed again with what comes. */
  #small: Block | undefined;
  readonly #blocks = new Set<Block>();
  /** Unpacked lately, the last one last. */
  readonly #open = new Map<Block, Buffer>();
  #packedBytes = 0;
  #openBytes = 0;
  /** ms since 1970. */
  #usedAt = Date.now();

  constructor(options: { parsedObjects?: number } = {}) {
    this.#parsedObjects = options.parsedObjects ?? DEFAULT_PARSED_OBJECTS;
  }

  /** Bytes of all blocks; what is parsed besides is not counted. */
  get packedBytes(): number {
    return this.#packedBytes;
  }

  /** Bytes of all blocks, of what is parsed, about, and of what is unpacked for its readers or to be packed again. */
  get bytes(): number {
    const left = this.#left.reduce((sum, { end }) => sum + end, 0);
    return this.#packedBytes + this.#youngBytes() + left + this.#openBytes;
  }

  /** Keeps an object; from here on it is shared, and nobody changes it. */
  add(object: KubernetesObject): Body {
    const body = new Body(object);
    this.#usedAt = Date.now();
    this.#young.push(body);
    this.#packOldest();
    return body;
  }

  /** Lets go of all objects; they cannot be read any more. */
  clear() {
    const packed = [...this.#blocks].flatMap(({ bodies }) => bodies);
    for (const body of [...packed, ...this.#left, ...this.#young]) {
      body.object = undefined;
      body.text = undefined;
      body.block = undefined;
    }
    this.#young = [];
    this.#left = [];
    this.#small = undefined;
    this.#blocks.clear();
    this.#packedBytes = 0;
    this.#close();
  }

  /** Packs everything: most of what a list has brought does not change soon. */
  settle() {
    if (this.#left.length + this.#young.length === 0) return;
    const rest = [...this.#left, ...this.#young].filter(
      ({ isGone }) => !isGone,
    );
    this.#left = [];
    if (this.#small && rest.length > 0) {
      rest.unshift(...this.#takeApart(this.#small));
    }
    this.#young = this.#pack(rest);
  }

  /** When nothing has happened for a while: packs everything, and lets go of what is unpacked. */
  rest() {
    if (Date.now() - this.#usedAt < REST_MS) return;
    this.#close();
    this.settle();
  }

  /** The object; it is shared, and nobody changes it. Works for a removed one as long as somebody holds its body. */
  read(body: Body): KubernetesObject {
    if (body.object) return body.object;
    return JSON.parse(this.#text(body).toString());
  }

  /** Forgets an object. */
  remove(body: Body) {
    if (body.isGone) return;
    body.isGone = true;
    const { block } = body;
    if (!block) return;
    block.live -= 1;
    if (block.live === 0) this.#drop(block);
    else if (block.live < block.bodies.length * LEAST_LIVE_SHARE) {
      this.#packAgain(block);
    }
  }

  #packOldest() {
    const most = this.#parsedObjects + BLOCK_OBJECTS;
    if (this.#young.length < most) return;
    this.#young = this.#young.filter(({ isGone }) => !isGone);
    while (this.#young.length >= most) {
      this.#young.unshift(...this.#pack(this.#young.splice(0, BLOCK_OBJECTS)));
    }
  }

  /** Packs bodies into blocks; answers with those that are too many for one step. */
  #pack(bodies: Body[]): Body[] {
    let start = 0;
    let texts: Buffer[] = [];
    let blockBytes = 0;
    let bytes = 0;
    const close = (end: number) => {
      if (end > start) this.#addBlock(bodies.slice(start, end), texts);
      [start, texts, blockBytes] = [end, [], 0];
    };
    for (const [index, { object, text }] of bodies.entries()) {
      const isFull =
        texts.length === BLOCK_OBJECTS || blockBytes >= BLOCK_BYTES;
      if (isFull) close(index);
      if (bytes >= STEP_BYTES) {
        close(index);
        return bodies.slice(index);
      }
      const written = text ?? Buffer.from(JSON.stringify(object));
      texts.push(written);
      blockBytes += written.length;
      bytes += written.length;
    }
    close(bodies.length);
    return [];
  }

  #addBlock(bodies: Body[], texts: Buffer[]) {
    const packed = exactly(zstdCompressSync(Buffer.concat(texts)));
    const block: Block = { packed, bodies, live: bodies.length };
    let end = 0;
    bodies.forEach((body, index) => {
      body.block = block;
      body.start = end;
      end += texts[index].length;
      body.end = end;
      body.object = undefined;
      body.text = undefined;
    });
    this.#blocks.add(block);
    const isSmall = bodies.length < BLOCK_OBJECTS && end < BLOCK_BYTES;
    if (isSmall) this.#small = block;
    this.#packedBytes += packed.length;
  }

  /** What is left of a block, as text: most of it was packed since nothing happens to it. */
  #takeApart(block: Block): Body[] {
    const left = block.bodies.filter(({ isGone }) => !isGone);
    for (const body of left) {
      // A copy: what was unpacked with it is not kept for it.
      body.text = Buffer.from(this.#text(body));
      body.end = body.text.length;
      body.block = undefined;
    }
    this.#drop(block);
    return left;
  }

  #packAgain(block: Block) {
    this.#left.push(...this.#takeApart(block));
    if (this.#left.length < BLOCK_OBJECTS) return;
    this.#left = this.#left.filter(({ isGone }) => !isGone);
    while (this.#left.length >= BLOCK_OBJECTS) {
      this.#left.unshift(...this.#pack(this.#left.splice(0, BLOCK_OBJECTS)));
    }
  }

  #text({ text, block, start, end }: Body): Buffer {
    if (text) return text;
    if (!block) throw new Error('A body is nowhere');
    return this.#unpack(block).subarray(start, end);
  }

  #drop(block: Block) {
    if (this.#small === block) this.#small = undefined;
    this.#blocks.delete(block);
    this.#packedBytes -= block.packed.length;
    this.#closeBlock(block);
  }

  /** Looked at when somebody asks: most objects of a list are packed before, and looking costs half of what parsing does. */
  #youngBytes(): number {
    let bytes = 0;
    for (const body of this.#young) {
      if (body.end === 0) body.end = parsedBytes(body.object);
      bytes += body.end;
    }
    return bytes;
  }

  #close() {
    this.#open.clear();
    this.#openBytes = 0;
  }

  #closeBlock(block: Block) {
    this.#openBytes -= this.#open.get(block)?.buffer.byteLength ?? 0;
    this.#open.delete(block);
  }

  #unpack(block: Block): Buffer {
    this.#usedAt = Date.now();
    const open = this.#open.get(block);
    this.#open.delete(block);
    const text = open ?? exactly(zstdDecompressSync(block.packed));
    this.#open.set(block, text);
    if (!open) this.#openBytes += text.buffer.byteLength;
    if (this.#open.size > OPEN_BLOCKS) {
      const [oldest] = this.#open.keys();
      this.#closeBlock(oldest);
    }
    return text;
  }
}

/** zlib answers with a piece of 64 KiB or more, all of which would stay: often several times what is in it. */
function exactly(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
