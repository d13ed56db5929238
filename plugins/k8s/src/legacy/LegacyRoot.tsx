import { useRouteRef } from '@backstage/core-plugin-api';
import { K8sProvider } from '@backstage-k8s/plugin-k8s-react';
import type { ReactNode } from 'react';
import { legacyRootRouteRef } from '../legacy';
import { K8sLinksProvider } from '../routing/K8sLinks';

/** Goes around each extension of the old front-end system. */
export function LegacyRoot(props: { children: ReactNode }) {
  const root = useRouteRef(legacyRootRouteRef)();
  return (
    <K8sProvider>
      <K8sLinksProvider root={root}>{props.children}</K8sLinksProvider>
    </K8sProvider>
  );
}
