import { useApi } from '@backstage/frontend-plugin-api';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { k8sApiRef } from '../api/K8sApi';
import type { K8sApi } from '../api/K8sApi';
import { K8sApiError } from './K8sApiError';

/** Milliseconds in which parts of a page that mount one after the other share one read. */
const FRESH_MS = 2_000;
/** Milliseconds that a list nobody looks at is kept, so that going back shows it at once. */
const KEPT_MS = 300_000;

function worthRetrying(failures: number, error: Error): boolean {
  if (failures > 0) return false;
  return !(error instanceof K8sApiError) || error.status >= 500;
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        gcTime: KEPT_MS,
        // Changes come by the stream; nothing is asked for again by itself.
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        refetchInterval: false,
        retry: worthRetrying,
      },
      mutations: { retry: false },
    },
  });
}

// All roots of one portal share what they have read.
const clients = new WeakMap<K8sApi, QueryClient>();

function clientOf(api: K8sApi): QueryClient {
  let client = clients.get(api);
  if (!client) {
    client = createQueryClient();
    clients.set(api, client);
  }
  return client;
}

/** Goes around everything that uses the hooks of this package. @public */
export function K8sProvider(props: { children: ReactNode }) {
  return (
    <QueryClientProvider client={clientOf(useApi(k8sApiRef))}>
      {props.children}
    </QueryClientProvider>
  );
}
