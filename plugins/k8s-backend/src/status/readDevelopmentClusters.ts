import { readFile } from 'node:fs/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { z } from 'zod';
import { failureLog } from '../errors/failureLog';

/** The clusters that the development portal builds, as its starter writes them. */
export type DevelopmentClusters =
  Schema<'InstallationStatus'>['developmentClusters'];

const schema = z
  .array(
    z.object({
      name: z.string().min(1).max(63),
      state: z.enum(['building', 'starting', 'registering', 'ready', 'failed']),
      since: z.iso.datetime({ offset: true }).optional(),
      message: z.string().max(1000).optional(),
    }),
  )
  .max(100);

/**
 * Reads the file that tells how far the development clusters are; empty without a file.
 *
 * @param file - JSON, an array of `{name, state, since, message}`; absent: this is no development portal
 */
export async function readDevelopmentClusters(
  file: string | undefined,
  options: { logger: LoggerService },
): Promise<DevelopmentClusters> {
  if (file === undefined) return [];
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      options.logger.warn(
        'The state of the development clusters cannot be read',
        failureLog(error),
      );
    }
    return [];
  }
}
