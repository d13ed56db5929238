import { createK8sClient } from '@backstage-k8s/plugin-k8s-common';
import type { AccessDecision, AccessReview, K8sApi } from '../api/K8sApi';
import type {
  StreamEvent,
  StreamObserver,
  StreamState,
} from '../stream/StreamEvent';

/** A request that was made. */
export interface SentRequest {
  route: string;
  query: Record<string, string>;
  key: string | null;
  dryRun: boolean;
  body: unknown;
}

/** What a route answers. */
export type Answer = { status?: number; body: unknown } | 'no connection';

/** The back end with answers of the test's, a stream that the test speaks on, and what was asked of both. */
export function fakeK8sApi(
  answer: (request: SentRequest) => Answer | Promise<Answer>,
  options: { access?: (review: AccessReview) => AccessDecision } = {},
) {
  const sent: SentRequest[] = [];
  const topics = new Map<string, Set<StreamObserver>>();
  const listeners = new Set<() => void>();
  let state: StreamState = { state: 'live' };
  const api: K8sApi = {
    client: createK8sClient('http://k8s.test', {
      fetch: async request => {
        const url = new URL(request.url);
        const text = await request.text();
        const one: SentRequest = {
          route: `${request.method} ${url.pathname}`,
          query: Object.fromEntries(url.searchParams),
          key: request.headers.get('Idempotency-Key'),
          dryRun: url.searchParams.get('dryRun') === 'true',
          body: text === '' ? undefined : JSON.parse(text),
        };
        sent.push(one);
        const answered = await answer(one);
        if (answered === 'no connection')
          throw new TypeError('Failed to fetch');
        return new Response(JSON.stringify(answered.body), {
          status: answered.status ?? 200,
          headers: { 'content-type': 'application/json' },
        });
      },
    }),
    subscribe: (topic, observer) => {
      const observers = topics.get(topic.topic) ?? new Set();
      topics.set(topic.topic, observers.add(observer));
      return () => observers.delete(observer);
    },
    streamState: {
      get: () => state,
      subscribe: listener => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    reviewAccess: async review => options.access?.(review) ?? { allowed: true },
  };
  return {
    api,
    sent,
    tell: (topic: string, event: StreamEvent) =>
      topics.get(topic)?.forEach(observer => observer(event)),
    setState: (next: StreamState) => {
      state = next;
      listeners.forEach(listener => listener());
    },
  };
}

/** An error as the back end answers it. */
export function refusal(status: number, message: string): Answer {
  return {
    status,
    body: {
      error: { name: 'Error', message },
      response: { statusCode: status },
    },
  };
}
