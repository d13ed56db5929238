import {
  discoveryApiRef,
  identityApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import { k8sApiRef, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Screen } from './TerminalScreen';
import { TerminalSession } from './TerminalSession';
import type { TerminalEnding } from './TerminalSession';

/** A container of a pod. */
export interface TerminalPlace {
  /** Cluster id. */
  cluster: string;
  namespace: string;
  pod: string;
  /** Absent: the default one. */
  container?: string;
}

/** What is known of a terminal by now. */
export type TerminalState =
  | { is: 'closed'; ending?: TerminalEnding; error?: Error }
  | { is: 'opening' }
  | { is: 'open'; container: string };

/** Where a terminal's WebSocket is. */
function socketUrl(baseUrl: string, id: string): string {
  const url = new URL(`${baseUrl}/terminals/${id}`, window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

/** A terminal that can be opened, used and closed; closed with the page. */
export function useTerminal(place: TerminalPlace) {
  const { cluster, namespace, pod, container } = place;
  const api = useApi(k8sApiRef);
  const discovery = useApi(discoveryApiRef);
  const identity = useApi(identityApiRef);
  const [state, setState] = useState<TerminalState>({ is: 'closed' });
  const session = useRef<TerminalSession>();
  /** Counts the attempts, so that an older one that comes late is not taken for the newest. */
  const attempt = useRef(0);

  const close = useCallback(() => {
    attempt.current += 1;
    session.current?.close();
    session.current = undefined;
    setState({ is: 'closed', ending: { reason: 'closed' } });
  }, []);
  useEffect(
    () => () => {
      attempt.current += 1;
      session.current?.close();
    },
    [],
  );

  const open = useCallback(
    async (screen: Screen) => {
      attempt.current += 1;
      const mine = attempt.current;
      const isMine = () => attempt.current === mine;
      setState({ is: 'opening' });
      try {
        const answer = await api.client.POST(
          '/clusters/{id}/namespaces/{namespace}/pods/{name}/terminals',
          {
            params: { path: { id: cluster, namespace, name: pod } },
            body: container ? { container } : {},
          },
        );
        const ticket = unwrap(answer);
        const url = socketUrl(await discovery.getBaseUrl('k8s'), ticket.id);
        if (!isMine()) return;
        session.current = new TerminalSession({
          url,
          ticket: ticket.ticket,
          size: screen.size,
          token: async () => (await identity.getCredentials()).token,
          onOutput: data => screen.write(data),
          onReady: () => {
            setState({ is: 'open', container: ticket.container });
            screen.focus();
          },
          onEnd: ending => setState({ is: 'closed', ending }),
        });
      } catch (error) {
        if (isMine()) setState({ is: 'closed', error: error as Error });
      }
    },
    [api, discovery, identity, cluster, namespace, pod, container],
  );
  return { state, open, close, session };
}
