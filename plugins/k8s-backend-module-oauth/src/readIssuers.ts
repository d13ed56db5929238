import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

function isTokenUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return protocol === 'https:' && !username && !password && !hash;
}

const schema = z
  .array(
    z.strictObject({
      id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
        message: 'has to be letters, digits, dots, dashes and underscores',
      }),
      title: z.string().min(1).optional(),
      tokenUrl: z.string().refine(isTokenUrl, {
        message:
          'has to be like https://issuer.example.com/token, without user and password',
      }),
      ca: z.string().includes('-----BEGIN CERTIFICATE-----').optional(),
      scope: z.string().min(1).optional(),
      audience: z.string().min(1).optional(),
      clientAuthentication: z.enum(['basic', 'body']).default('basic'),
      token: z.enum(['access_token', 'id_token']).default('access_token'),
    }),
  )
  .refine(
    issuers => new Set(issuers.map(({ id }) => id)).size === issuers.length,
    {
      message: 'has two issuers of one id',
    },
  );

/** Who issues tokens to clients, as an operator configures it. */
export type Issuer = z.infer<typeof schema>[number];

/** Reads `k8s.oauth.issuers`. @throws InputError that names the key */
export function readIssuers(config: RootConfigService): Issuer[] {
  const result = schema.safeParse(
    config.getOptional('k8s.oauth.issuers') ?? [],
  );
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InputError(
    `The configuration key ${['k8s.oauth.issuers', ...issue.path].join('.')} ${
      issue.message
    }`,
  );
}
