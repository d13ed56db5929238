const provisionalAnswers = new WeakSet<object>();

/**
 * Says that an answer is not the last word: a repeated request is worked on again, as after a failure. Answers it.
 */
export function provisional<Answer extends object>(answer: Answer): Answer {
  provisionalAnswers.add(answer);
  return answer;
}

/** Whether an answer is not the last word. */
export function isProvisional(answer: unknown): boolean {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    provisionalAnswers.has(answer)
  );
}
