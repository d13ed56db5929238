/** Something that the user can do something about: its message is one sentence that says what. */
export class Problem extends Error {
  name = 'Problem' as const;
}
