import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type {
  ClusterAuthenticationStrategy,
  ClusterCredential,
  CredentialRequest,
} from '@backstage-k8s/plugin-k8s-node';
import type { Issuer } from './readIssuers';
import { TokenEndpoint } from './TokenEndpoint';

/** Milliseconds that a token is used for which does not say when it ends. */
const DEFAULT_LIFE_MS = 5 * 60_000;

/**
 * Signs in with tokens that an issuer gives to a client for its id and secret (OAuth 2.0 client credentials). Which issuers there are
 * is the operator's: whoever registers a cluster chooses one and can have the portal send nothing anywhere else.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export class OAuthClientStrategy implements ClusterAuthenticationStrategy {
  readonly id = 'oauthClient';
  readonly title = { en: 'OAuth client', zh: 'OAuth 客户端' };
  readonly description = {
    en: 'Short-lived tokens of an issuer that the API server trusts; the portal renews them by itself',
    zh: 'API 服务器信任的颁发者签发的短期令牌；门户会自动续期',
  };
  readonly fields: ClusterAuthenticationStrategy['fields'];
  readonly #endpoints: ReadonlyMap<string, TokenEndpoint>;
  readonly #now: () => number;

  /** @param options - `now`: milliseconds since 1970 */
  constructor(options: { issuers: readonly Issuer[]; now: () => number }) {
    this.#now = options.now;
    this.#endpoints = new Map(
      options.issuers.map(issuer => [issuer.id, new TokenEndpoint(issuer)]),
    );
    this.fields = [
      {
        name: 'issuer',
        title: { en: 'Issuer', zh: '颁发者' },
        options: options.issuers.map(({ id, title = id }) => ({
          value: id,
          title: { en: title },
        })),
      },
      { name: 'clientId', title: { en: 'Client id', zh: '客户端 ID' } },
      {
        name: 'clientSecret',
        title: { en: 'Client secret', zh: '客户端密钥' },
        description: {
          en: 'It is never shown again',
          zh: '之后不会再显示',
        },
        secret: true,
      },
      {
        name: 'scope',
        title: { en: 'Scope', zh: '范围（scope）' },
        description: {
          en: 'Only where it is another than the issuer’s usual one',
          zh: '仅当与该颁发者的默认值不同时填写',
        },
        optional: true,
      },
    ];
  }

  read(
    fields: Readonly<Record<string, string>>,
    { label }: { label(field: string): string },
  ): Record<string, string> {
    // RFC 6749, appendix A: what both may hold.
    for (const name of ['clientId', 'clientSecret', 'scope']) {
      if (!/^[\x20-\x7e]*$/.test(fields[name] ?? '')) {
        throw new InputError(`${label(name)} has to be printable ASCII`);
      }
    }
    return { ...fields };
  }

  async credential({
    fields,
    signal,
  }: CredentialRequest): Promise<ClusterCredential> {
    const { issuer, clientId, clientSecret, scope } = fields;
    const endpoint = this.#endpoints.get(issuer);
    if (!endpoint) {
      throw new ServiceUnavailableError(
        `The issuer '${issuer}' is not in k8s.oauth.issuers any more`,
      );
    }
    const { token, endsAt } = await endpoint.ask(
      { clientId, clientSecret, scope },
      { signal, now: this.#now() },
    );
    return {
      token,
      expiresAt: new Date(
        endsAt ?? this.#now() + DEFAULT_LIFE_MS,
      ).toISOString(),
    };
  }
}
