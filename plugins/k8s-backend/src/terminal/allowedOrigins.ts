import type { RootConfigService } from '@backstage/backend-plugin-api';
import { fieldOf } from '../rows/fields';

/** An origin as browsers send it; undefined for what is none, patterns for example. */
function originOf(text: string): string | undefined {
  return URL.canParse(text) && !text.includes('*')
    ? new URL(text).origin
    : undefined;
}

/**
 * Origins that the portal's pages come from: of `app.baseUrl`, `backend.baseUrl` and those that `backend.cors.origin` names. A
 * pattern there does not count: who can open a terminal has to be named.
 */
export function allowedOrigins(config: RootConfigService): Set<string> {
  const cors = fieldOf(config.getOptional('backend.cors'), 'origin');
  const named = [
    config.getOptionalString('app.baseUrl'),
    config.getOptionalString('backend.baseUrl'),
    ...(Array.isArray(cors) ? cors : [cors]),
  ];
  const origins = named.flatMap(text =>
    typeof text === 'string' ? [originOf(text)] : [],
  );
  return new Set(origins.filter(origin => origin !== undefined));
}
