import { writeFileSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import type { Failure, Figure } from '../../../bench/Figure.ts';
import { Problem } from '../Problem.ts';
import { installPackages } from '../installPackages.ts';
import { CALLED_FROM } from '../paths.ts';
import type { Command } from './Command.ts';

const bench: Command = {
  usage: [
    'bench XS|S|M|L|XL [--json FILE] [--only W1,W2 [--keep]]   measure against the raw API server and Backstage’s kubernetes plugin',
    'bench report                                              write docs/benchmarks.md anew from the last run of each size',
  ],
  async run(args) {
    const { name, json, only, keep } = readOptions(args);
    if (name === 'report') {
      const { renderReport } = await import(
        '../../../bench/report/writeReport.ts'
      );
      renderReport();
      return 0;
    }
    const { SIZES } = await import('../../../bench/sizes.ts');
    const size = SIZES[name ?? ''];
    if (!size) {
      throw new Problem(
        `Say how large, or \`report\`: ${Object.keys(SIZES).join(', ')}.`,
      );
    }
    await installPackages();
    const { runBench } = await import('../../../bench/runBench.ts');
    const { printFigures } = await import(
      '../../../bench/report/printFigures.ts'
    );
    const { loadNow, writeReport } = await import(
      '../../../bench/report/writeReport.ts'
    );
    const startedAt = Date.now();
    const loadBefore = loadNow();
    const figures: Figure[] = [];
    const failed: Failure[] = [];
    const note = (ids: readonly string[], error: unknown) => {
      console.error(`${ids.join(', ')} failed:`, error);
      failed.push(...ids.map(id => ({ id, reason: reasonOf(error) })));
    };
    try {
      await runBench(size, {
        wanted: ({ ids }) => !only || ids.some(id => only.includes(id)),
        take: {
          figures: more => figures.push(...more),
          failure: ({ ids, error }) => note(ids, error),
        },
      });
    } catch (error) {
      // What was measured before is kept, and where it stopped.
      note(['all that comes after'], error);
    }
    printFigures(figures);
    if (json) {
      writeFileSync(
        resolvePath(CALLED_FROM, json),
        `${JSON.stringify(figures, null, 2)}\n`,
      );
    }
    // A part of it is none unless it is put into one, nor is a size whose figures say nothing.
    if ((!only || keep) && name !== 'XS') {
      writeReport({
        ...{ size: size.name, figures, failed, startedAt, loadBefore },
        only,
      });
    }
    if (failed.length > 0) {
      throw new Problem(
        `These are wrong, or could not be measured: ${failed
          .map(({ id }) => id)
          .join(', ')}.`,
      );
    }
    return 0;
  },
};

/** The first line of what an error says. */
function reasonOf(error: unknown): string {
  const [line] = String(error instanceof Error ? error.message : error).split(
    '\n',
  );
  return line;
}

function readOptions(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'string' },
        only: { type: 'string' },
        keep: { type: 'boolean' },
      },
    });
    const [name, ...more] = positionals;
    if (more.length > 0) throw new Error('bench takes one size.');
    const { json, only, keep } = values;
    return { name, json, only: only?.split(','), keep };
  } catch (error) {
    throw new Problem((error as Error).message);
  }
}

export default bench;
