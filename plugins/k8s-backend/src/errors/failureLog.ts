import type { JsonObject } from '@backstage/types';
import { redactSecrets } from './redactSecrets';

/** Characters of a stack that are logged. */
const STACK_LENGTH = 4000;

/** An error as key/values for the log: name, message, code and stack, causes included, without secrets. */
export function failureLog(error: unknown): JsonObject {
  if (!(error instanceof Error)) {
    return { error: redactSecrets(String(error)) };
  }
  const { code, cause } = error as Error & { code?: unknown };
  return {
    error: error.name,
    errorMessage: redactSecrets(error.message),
    ...(typeof code === 'string' && { code }),
    ...(error.stack && { stack: redactSecrets(error.stack, STACK_LENGTH) }),
    ...(cause instanceof Error && { cause: failureLog(cause) }),
  };
}
