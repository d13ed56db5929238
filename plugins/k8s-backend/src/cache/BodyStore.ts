/**
 * Whole objects in little memory. A parsed pod takes about 17 KiB of heap, its text 7 KiB, a block of such texts compressed
 * together well under 1 KiB each; one at a time they would compress neither as well nor as fast.
 *
 * Objects that have just arrived are kept parsed: many of them change again soon. The oldest of these are packed into a block
 * when there are enough. A block of which most objects are gone is packed again with others.
 */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';

// Objects a block. More compress better; every one that is read costs unpacking them all, about 100 µs.
const BLOCK_OBJECTS = 32;
// Objects per kind that stay parsed besides.
const DEFAULT_PARSED_OBJECTS = 64;
// A block is packed again when less than this share of its objects is left.
const LEAST_LIVE_SHARE = 0.5;
// Blocks that stay unpacked, since pages read neighbours: about 7 KiB an object.
const OPEN_BLOCKS = 8;

/** Where one object is; given out by {@link BodyStore.add}. */
export class Body {
  /** Set until it is packed. */
  object: KubernetesObject | undefined;
  block: Block | undefined;
  start = 0;
  end = 0;
  isGone = false;

  constructor(object: KubernetesObject) {
    this.object = object;
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
  /** Unpacked lately, the last one last. */
  readonly #open = new Map<Block, Buffer>();
  #packedBytes = 0;

  constructor(options: { parsedObjects?: number } = {}) {
    this.#parsedObjects = options.parsedObjects ?? DEFAULT_PARSED_OBJECTS;
  }

  /** Bytes of all blocks; what is parsed besides is not counted. */
  get packedBytes(): number {
    return this.#packedBytes;
  }

  /** Keeps an object; from here on it is shared, and nobody changes it. */
  add(object: KubernetesObject): Body {
    const body = new Body(object);
    this.#keepYoung([body]);
    return body;
  }

  /** The object; it is shared, and nobody changes it. Works for a removed one as long as somebody holds its body. */
  read(body: Body): KubernetesObject {
    if (body.object) return body.object;
    const { block, start, end } = body;
    if (!block) throw new Error('A body is nowhere');
    return JSON.parse(this.#unpack(block).toString('utf8', start, end));
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

  #keepYoung(bodies: Body[]) {
    this.#young.push(...bodies);
    if (this.#young.length < this.#parsedObjects + BLOCK_OBJECTS) return;
    this.#young = this.#young.filter(({ isGone }) => !isGone);
    while (this.#young.length >= this.#parsedObjects + BLOCK_OBJECTS) {
      this.#pack(this.#young.splice(0, BLOCK_OBJECTS));
    }
  }

  #pack(bodies: Body[]) {
    const texts = bodies.map(({ object }) =>
      Buffer.from(JSON.stringify(object)),
    );
    const packed = zstdCompressSync(Buffer.concat(texts));
    const block: Block = { packed, bodies, live: bodies.length };
    let end = 0;
    bodies.forEach((body, index) => {
      body.block = block;
      body.start = end;
      end += texts[index].length;
      body.end = end;
      body.object = undefined;
    });
    this.#packedBytes += packed.length;
  }

  #packAgain(block: Block) {
    const left = block.bodies.filter(({ isGone }) => !isGone);
    for (const body of left) {
      body.object = this.read(body);
      body.block = undefined;
    }
    this.#drop(block);
    this.#keepYoung(left);
  }

  #drop(block: Block) {
    this.#packedBytes -= block.packed.length;
    this.#open.delete(block);
  }

  #unpack(block: Block): Buffer {
    const open = this.#open.get(block);
    this.#open.delete(block);
    const text = open ?? zstdDecompressSync(block.packed);
    this.#open.set(block, text);
    if (this.#open.size > OPEN_BLOCKS) {
      for (const oldest of this.#open.keys()) {
        this.#open.delete(oldest);
        break;
      }
    }
    return text;
  }
}
