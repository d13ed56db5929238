/** What keeps a pod from being ready, or a pod from being made. */
export interface Trouble {
  /** A word of Kubernetes, e.g. ImagePullBackOff. */
  code: string;
  /** A clause in plain words without a full stop, e.g. `the image app:2 cannot be pulled (403 from the registry)`. */
  words: string;
  /** What to do next; a sentence. */
  advice: string;
  /** RFC 3339; absent where Kubernetes does not say. */
  since?: string;
  /**
   * certain: it does not pass by itself. likely: it may pass (another try, a missing object that somebody makes).
   * starting: usual while a pod starts.
   */
  weight: 'certain' | 'likely' | 'starting';
}

/** A line of a table that turns text of Kubernetes or a registry into words. */
export interface TroublePattern {
  pattern: RegExp;
  /** `$1` stands for the pattern's first group. */
  words: string;
  advice: string;
  isCertain?: boolean;
}

/** The first line of the table whose pattern is in the text, its groups filled in. */
export function matchTrouble(
  table: readonly TroublePattern[],
  text: string,
): Omit<TroublePattern, 'pattern'> | undefined {
  for (const { pattern, words, advice, isCertain } of table) {
    const match = pattern.exec(text);
    if (match) {
      const fill = (template: string) =>
        template.replace(/\$(\d)/g, (_, group) => match[Number(group)] ?? '');
      return { words: fill(words), advice: fill(advice), isCertain };
    }
  }
  return undefined;
}
