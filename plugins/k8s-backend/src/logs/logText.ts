import { TERMINAL_ESCAPES } from '../views/plainText';
import { writtenOut } from '../views/visibleText';

/**
 * A line of a log as it may be shown, searched and kept: terminal escapes are taken out, colours too; other control characters and
 * marks that hide or turn text are written out (`\u202e`).
 */
export function logText(line: string): string {
  return writtenOut(line.replace(TERMINAL_ESCAPES, '').replace(/\r$/, ''));
}
