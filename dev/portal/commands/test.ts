import { runTests } from '../test/runTests.ts';
import type { Command } from './Command.ts';

const test: Command = {
  usage: [
    'test [unit|integration|e2e] [part of a file name …]   run tests; closes with "N passed, N failed, N skipped"',
  ],
  async run([part, ...filter]) {
    return (await runTests(part, filter)) ? 0 : 1;
  },
};

export default test;
