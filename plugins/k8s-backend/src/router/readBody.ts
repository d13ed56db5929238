/**
 * Reads a request's body: JSON only, never compressed, bounded while it arrives and not by what its length claims. Nothing
 * of a body is ever in an error.
 */
import type { IncomingMessage } from 'node:http';
import { InputError } from '@backstage/errors';
import { ContentTooLargeError } from '../errors/statusErrors';

/** Deeper than any manifest that Kubernetes takes. */
const MAXIMUM_DEPTH = 64;
/** Milliseconds that a body may take to arrive. */
const ARRIVAL_TIMEOUT_MS = 30_000;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;

/** Of partial changes by the Kubernetes API. */
export const MERGE_PATCH_TYPE =
  /^application\/merge-patch\+json(?:\s*;\s*charset="?utf-8"?)?$/i;

function tooLarge(limit: number) {
  return new ContentTooLargeError(
    `The body is larger than the ${limit} bytes that this route takes`,
  );
}

/** Whether the request says that a body follows. */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return (
    request.headers['transfer-encoding'] !== undefined ||
    (length !== undefined && length !== '0')
  );
}

function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(
      () => reject(new InputError('The body did not arrive in time')),
      ARRIVAL_TIMEOUT_MS,
    );
    const settle = (act: () => void) => {
      clearTimeout(timer);
      request.removeAllListeners('data');
      act();
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        // What still comes is read and dropped by Node after the answer.
        settle(() => reject(tooLarge(limit)));
      } else {
        chunks.push(chunk);
      }
    });
    request.once('end', () => settle(() => resolve(Buffer.concat(chunks))));
    const broken = () =>
      settle(() => reject(new InputError('The body ended too early')));
    request.once('aborted', broken);
    request.once('error', broken);
  });
}

function checkString(text: string) {
  // PostgreSQL cannot keep it, and no field of Kubernetes may hold it.
  if (text.includes('\0')) {
    throw new InputError('The body holds a NUL character');
  }
}

/** Refuses what could change a prototype, exhaust a stack or not be stored. */
function checkValues(root: unknown) {
  const pending: { value: unknown; depth: number }[] = [
    { value: root, depth: 1 },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string') checkString(value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new InputError('The body holds a number that is too large');
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAXIMUM_DEPTH) {
      throw new InputError(
        `The body is nested deeper than ${MAXIMUM_DEPTH} levels`,
      );
    }
    for (const key of Object.keys(value)) {
      checkString(key);
      if (FORBIDDEN_KEYS.has(key)) {
        throw new InputError('The body holds a key that is not allowed');
      }
    }
    for (const child of Object.values(value)) {
      pending.push({ value: child, depth: depth + 1 });
    }
  }
}

/**
 * The body as JSON, or undefined when there is none.
 *
 * @param options - `limit` in bytes; `mediaType`: absent, JSON
 * @throws InputError, ContentTooLargeError
 */
export async function readBody(
  request: IncomingMessage,
  options: { limit: number; mediaType?: RegExp },
): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new InputError('Compressed bodies are not taken');
  }
  const { mediaType = JSON_TYPE } = options;
  if (!mediaType.test(request.headers['content-type'] ?? '')) {
    throw new InputError(
      mediaType === MERGE_PATCH_TYPE
        ? 'The body has to be a merge patch (application/merge-patch+json); other patches are not taken'
        : 'The body has to be application/json in UTF-8',
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > options.limit) {
    throw tooLarge(options.limit);
  }
  const bytes = await readBytes(request, options.limit);
  if (bytes.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's message holds a piece of the body.
    throw new InputError('The body is not valid JSON');
  }
  checkValues(value);
  return value;
}
