import { InputError } from '@backstage/errors';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** A step of the check, as the page shows it. */
export type CheckStep = Schema<'ClusterCheck'>['steps'][number];
type StepName = CheckStep['step'];

/** Steps in the order in which they are tried. */
export const CHECK_STEPS: readonly StepName[] = [
  'read',
  'address',
  'connect',
  'tls',
  'signIn',
  'version',
  'identity',
  'rights',
];

/** What a step that did not fail says. */
export interface StepRemark {
  message: string;
  /** Present: the step is a warning, and this is what to do about it. */
  fix?: string;
}

/** What a step that failed says. */
export interface StepFailure extends StepRemark {
  /** Why, for programs. */
  code?: CheckStep['code'];
}

/** Thrown to leave a check whose report says what failed. */
export class CheckFailed extends Error {
  name = 'CheckFailed' as const;
}

/** Collects the steps of a check; the first that fails ends it. */
export class CheckReport {
  readonly #steps = new Map<StepName, CheckStep>();

  /** Notes that a step passed, or passed with a warning. */
  passed(step: StepName, { message, fix }: StepRemark): void {
    this.#steps.set(step, {
      step,
      outcome: fix === undefined ? 'passed' : 'warning',
      message,
      ...(fix !== undefined && { fix }),
    });
  }

  /** Notes that a step failed. @throws CheckFailed, always */
  failed(step: StepName, { message, fix, code }: StepFailure): never {
    // It may have passed a moment ago: names and networks change.
    this.#steps.set(step, {
      step,
      outcome: 'failed',
      message,
      ...(fix !== undefined && { fix }),
      ...(code !== undefined && { code }),
    });
    throw new CheckFailed(message);
  }

  /** All steps in order; those that were not tried are skipped. */
  steps(): CheckStep[] {
    return CHECK_STEPS.map(
      step =>
        this.#steps.get(step) ?? {
          step,
          outcome: 'skipped',
          message: 'Not tried, since an earlier step failed',
        },
    );
  }

  /** The failed step as an error for who wants it to have passed; undefined when none failed. */
  error(): InputError | undefined {
    const failed = [...this.#steps.values()].find(
      ({ outcome }) => outcome === 'failed',
    );
    if (!failed) return undefined;
    return new InputError(
      failed.fix === undefined
        ? failed.message
        : `${failed.message}. ${failed.fix}`,
    );
  }
}
