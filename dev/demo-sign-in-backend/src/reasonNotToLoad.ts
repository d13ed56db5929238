import type { Config } from '@backstage/config';
import { isLoopbackUrl } from './isLoopback';

/** `auth.providers.<PROVIDER_ID>` in app-config, `/api/auth/<PROVIDER_ID>/refresh` in the API. */
export const PROVIDER_ID = 'k8s-demo';

const URL_KEYS = ['app.baseUrl', 'backend.baseUrl'] as const;

/**
 * Why a sign-in without a password must not exist here, for people; undefined where it may: in development, asked for by
 * its own key, and reachable from this machine only.
 *
 * @param options - `environment` is the value of NODE_ENV
 */
export function reasonNotToLoad(options: {
  config: Config;
  environment: string | undefined;
}): string | undefined {
  const { config, environment } = options;
  const key = `auth.providers.${PROVIDER_ID}.enabled`;
  if (config.getOptional(key) !== true) return `${key} is not true`;
  if (environment !== 'development') return 'NODE_ENV is not development';
  const exposed = URL_KEYS.find(
    urlKey => !isLoopbackUrl(config.getOptionalString(urlKey) ?? ''),
  );
  return exposed && `${exposed} is not on loopback`;
}
