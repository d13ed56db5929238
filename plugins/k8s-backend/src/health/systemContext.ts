import { randomUUID } from 'node:crypto';
import type { AuthService } from '@backstage/backend-plugin-api';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';

/** The context of work that nobody asked for. */
export async function systemContext(
  auth: AuthService,
): Promise<RequestContext> {
  return {
    credentials: await auth.getOwnServiceCredentials(),
    principal: { type: 'system', ref: 'system' },
    requestId: randomUUID(),
    signal: new AbortController().signal,
    audit: { recorded: false },
  };
}
