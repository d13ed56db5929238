/** A command of `./portal`. */
export interface Command {
  /** Lines of the help, without `./portal`. */
  usage: string[];
  /** @returns the exit status. @throws Problem, whose message is all that the user is shown */
  run(args: string[]): Promise<number>;
}
