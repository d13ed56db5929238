import { createK8sClient } from '@backstage-k8s/plugin-k8s-common';
import type { AccessDecision, K8sApi } from '@backstage-k8s/plugin-k8s-react';

/** A request that the pages made. */
export interface SentRequest {
  /** E.g. `POST /clusters`. */
  route: string;
  query: Record<string, string>;
  headers: Headers;
  body: unknown;
}

/** What a route answers: a body, or a status with an error's name and message. */
export type FakeAnswer =
  | { body: unknown }
  | { status: number; error: { name: string; message: string } };

/** Answers of routes, e.g. `{'GET /audit': request => ({body: …})}`; a route without one is a 404. */
export type FakeRoutes = Record<
  string,
  (request: SentRequest) => FakeAnswer | Promise<FakeAnswer>
>;

const BASE = 'http://k8s.test';

function toResponse(answer: FakeAnswer): Response {
  const isError = 'error' in answer;
  const body = isError
    ? { error: answer.error, response: { statusCode: answer.status } }
    : answer.body;
  return new Response(JSON.stringify(body), {
    status: isError ? answer.status : 200,
    headers: { 'content-type': 'application/json' },
  });
}

type Subscribe = K8sApi['subscribe'];

/**
 * The back end as the pages see it, with the real client; `sent` collects the requests, `tell` speaks on the stream, `followed` counts
 * who listens to a topic.
 */
export function fakeK8sApi(
  routes: FakeRoutes,
  options: { access?: AccessDecision | K8sApi['reviewAccess'] } = {},
): K8sApi & {
  sent: SentRequest[];
  tell: (topic: string, event: Parameters<Parameters<Subscribe>[1]>[0]) => void;
  followed: (topic: string) => number;
} {
  const { access = { allowed: true } } = options;
  const sent: SentRequest[] = [];
  const observers = new Map<Parameters<Subscribe>[1], string>();
  const client = createK8sClient(BASE, {
    fetch: async request => {
      const url = new URL(request.url);
      const text = await request.text();
      const one: SentRequest = {
        route: `${request.method} ${url.pathname}`,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
      sent.push(one);
      const answer = await routes[one.route]?.(one);
      return toResponse(
        answer ?? {
          status: 404,
          error: { name: 'NotFoundError', message: `No ${one.route}` },
        },
      );
    },
  });
  const live = { state: 'live' as const };
  return {
    client,
    sent,
    tell: (topic, event) =>
      observers.forEach((of, observer) => of === topic && observer(event)),
    followed: topic =>
      [...observers.values()].filter(of => of === topic).length,
    subscribe: ({ topic }, observer) => {
      observers.set(observer, topic);
      return () => observers.delete(observer);
    },
    streamState: { get: () => live, subscribe: () => () => {} },
    reviewAccess: async review =>
      typeof access === 'function' ? access(review) : access,
  };
}
