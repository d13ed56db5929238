import { useRouteRef } from '@backstage/frontend-plugin-api';
import { K8sProvider } from '@backstage-k8s/plugin-k8s-react';
import type { ReactNode } from 'react';
import { K8sLinksProvider } from './K8sLinks';
import { rootRouteRef } from './routes';

/** Goes around each extension of the new front-end system. */
export function K8sRoot(props: { children: ReactNode }) {
  const root = useRouteRef(rootRouteRef)?.() ?? '/k8s';
  return (
    <K8sProvider>
      <K8sLinksProvider root={root}>{props.children}</K8sLinksProvider>
    </K8sProvider>
  );
}
