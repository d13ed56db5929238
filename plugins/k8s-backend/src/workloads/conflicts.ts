import { ConflictError, InputError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { plainText } from '../views/plainText';
import { managersOf } from './fieldOwners';

const IMMUTABLE =
  /((?:spec|metadata)[\w.[\]]*):[^:]*:[^;]*?field is immutable/g;

/** The conflict of somebody who read another version than the present one: says who wrote it last, and when. */
export function changedMeanwhile(
  live: KubernetesObject,
  expected: string,
): ConflictError {
  const { name, resourceVersion } = live.metadata;
  const writer = managersOf(live)
    .filter(({ time }) => time)
    .sort((one, other) => ((one.time ?? '') < (other.time ?? '') ? 1 : -1))
    .at(0);
  const by = writer
    ? ` Its spec was last written by ${plainText(writer.manager, 128)} at ${
        writer.time
      }.`
    : '';
  return new ConflictError(
    `${name} was changed since it was read: it is at version ${resourceVersion}, not ${expected}.${by} Read it again.`,
  );
}

/** An API server's refusal of a change, in words that name the field where it cannot be changed at all. */
export function explainRefusal(error: unknown): unknown {
  if (!(error instanceof InputError)) return error;
  const fields = [...error.message.matchAll(IMMUTABLE)].map(match => match[1]);
  if (fields.length === 0) return error;
  return new InputError(
    `${[...new Set(fields)].join(
      ', ',
    )} cannot be changed once the object exists (field is immutable): delete it and create it anew`,
    error,
  );
}
