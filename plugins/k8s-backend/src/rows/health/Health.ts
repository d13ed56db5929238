import type {
  KubernetesObject,
  ResourceHealth,
} from '@backstage-k8s/plugin-k8s-common';
import { inert } from '../inert';

/** How an object is doing, by nothing but what it says itself. */
export type HealthCheck = (object: KubernetesObject) => ResourceHealth;

const WORD_LENGTH = 128;
const REASON_LENGTH = 1024;

/** `reason`: for people; any text of the cluster in it is made inert. */
export function health(
  state: ResourceHealth['state'],
  word?: string,
  reason?: string,
): ResourceHealth {
  const shownWord = inert(word, WORD_LENGTH);
  const shownReason = inert(reason, REASON_LENGTH);
  return {
    state,
    ...(shownWord !== null && { word: shownWord }),
    ...(shownReason !== null && { reason: shownReason }),
  };
}

/** The text as a sentence. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const start = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(start) ? start : `${start}.`;
}
