import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

const names = z.array(z.string().min(1)).min(1).optional();

const schema = z.array(
  z
    .strictObject({
      clusters: z
        .strictObject({ matchLabels: z.record(z.string(), z.string()) })
        .optional(),
      namespaces: names,
      types: names,
      except: z.array(z.string()).default([]),
    })
    .refine(({ namespaces, types }) => namespaces || types, {
      message: 'needs namespaces or types',
    }),
);

/** Something that is hidden. */
export type Hidden = z.infer<typeof schema>[number];

/** Reads `k8s.hidden`. @throws InputError that names the key */
export function readHidden(config: RootConfigService): Hidden[] {
  const result = schema.safeParse(config.getOptional('k8s.hidden') ?? []);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InputError(
    `The configuration key ${['k8s.hidden', ...issue.path].join('.')} ${
      issue.message
    }`,
  );
}
