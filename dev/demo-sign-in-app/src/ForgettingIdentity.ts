import type { IdentityApi } from '@backstage/frontend-plugin-api';

/** An identity whose sign-out also does what it is told, which that of a proxy sign-in has no way to. */
export class ForgettingIdentity implements IdentityApi {
  readonly #identity: IdentityApi;
  readonly #forget: () => void;

  constructor(identity: IdentityApi, options: { forget: () => void }) {
    this.#identity = identity;
    this.#forget = options.forget;
  }

  getProfileInfo() {
    return this.#identity.getProfileInfo();
  }

  getBackstageIdentity() {
    return this.#identity.getBackstageIdentity();
  }

  getCredentials() {
    return this.#identity.getCredentials();
  }

  async signOut() {
    this.#forget();
    await this.#identity.signOut();
  }
}
