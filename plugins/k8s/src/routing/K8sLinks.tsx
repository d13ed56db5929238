import { createContext, useContext, useMemo } from 'react';
import type { ReactNode } from 'react';

/** Where things are in this portal. The only place that knows paths; what routing system gave the root does not matter. */
export interface K8sLinks {
  root: string;
  clusters: string;
  register: string;
  changes: string;
  cluster(id: string, tab?: string): string;
  deployment(
    cluster: string,
    options: { namespace: string; name: string },
  ): string;
}

function linksBelow(root: string): K8sLinks {
  const base = root.replace(/\/$/, '');
  const cluster = (id: string, tab?: string) =>
    `${base}/clusters/${id}${tab ? `/${tab}` : ''}`;
  return {
    root: base,
    clusters: `${base}/clusters`,
    register: `${base}/register`,
    changes: `${base}/changes`,
    cluster,
    deployment: (id, { namespace, name }) =>
      cluster(id, `deployments/${namespace}/${name}`),
  };
}

const K8sLinksContext = createContext<K8sLinks>(linksBelow('/k8s'));

/** Tells the components below where the plugin is mounted. */
export function K8sLinksProvider(props: { root: string; children: ReactNode }) {
  const { root, children } = props;
  const links = useMemo(() => linksBelow(root), [root]);
  return (
    <K8sLinksContext.Provider value={links}>
      {children}
    </K8sLinksContext.Provider>
  );
}

/** Where things are. */
export function useLinks(): K8sLinks {
  return useContext(K8sLinksContext);
}
