import { InputError } from '@backstage/errors';
import type { ClusterAuthenticationStrategy } from '@backstage-k8s/plugin-k8s-node';

// What may stand in a header; a token with a line break would end it.
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

/** Whether a text can be sent as a bearer token. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** A bearer token that somebody gives, e.g. a service account's. */
export const tokenStrategy: ClusterAuthenticationStrategy = {
  id: 'token',
  title: { en: 'Token', zh: '令牌' },
  fields: [
    {
      name: 'token',
      title: { en: 'Token', zh: '令牌' },
      description: {
        en: 'Of a service account; it is never shown again',
        zh: '服务账号的令牌；之后不会再显示',
      },
      secret: true,
    },
  ],
  read({ token = '' }, { label }) {
    const trimmed = token.trim();
    if (isToken(trimmed)) return { token: trimmed };
    throw new InputError(`${label('token')} is not a token`);
  },
  credential: async ({ fields }) => ({ token: fields.token }),
};
