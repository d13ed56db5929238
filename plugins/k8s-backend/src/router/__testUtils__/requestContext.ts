import { randomUUID } from 'node:crypto';
import { mockCredentials } from '@backstage/backend-test-utils';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';

/** The context of a request of a user, `user:default/jane` when nothing else is said. */
export function requestContext(
  changes: Partial<RequestContext> & { user?: string } = {},
): RequestContext {
  const { user = 'user:default/jane', ...rest } = changes;
  return {
    credentials: mockCredentials.user(user),
    principal: { type: 'user', ref: user },
    requestId: randomUUID(),
    signal: new AbortController().signal,
    audit: { recorded: false },
    ...rest,
  };
}

/** The context of a request of a service. */
export function serviceContext(
  subject: string,
  restrictions?: Parameters<typeof mockCredentials.service>[1],
): RequestContext {
  return requestContext({
    credentials: mockCredentials.service(subject, restrictions),
    principal: { type: 'service', ref: subject },
  });
}
