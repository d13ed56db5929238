import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

const time = z
  .string()
  .refine(text => !Number.isNaN(Date.parse(text)), {
    message: 'has to be a time like 2026-12-24T00:00:00Z',
  })
  .transform(text => Date.parse(text));

const schema = z.array(
  z
    .strictObject({
      name: z.string().min(1),
      from: time,
      to: time,
      clusters: z
        .strictObject({ matchLabels: z.record(z.string(), z.string()) })
        .optional(),
      namespaces: z.array(z.string()).optional(),
      except: z.array(z.string()).default([]),
    })
    .refine(({ from, to }) => from < to, {
      message: 'has to end after it begins',
    }),
);

/** A time in which nothing is changed; `from` and `to` in milliseconds since 1970. */
export type Freeze = z.infer<typeof schema>[number];

/** Reads `k8s.freezes`. @throws InputError that names the key */
export function readFreezes(config: RootConfigService): Freeze[] {
  const result = schema.safeParse(config.getOptional('k8s.freezes') ?? []);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InputError(
    `The configuration key ${['k8s.freezes', ...issue.path].join('.')} ${
      issue.message
    }`,
  );
}
