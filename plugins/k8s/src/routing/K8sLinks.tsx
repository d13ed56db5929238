import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import { groupSegment, resourcePath } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';
import { createContext, useContext, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { ObjectTab } from '../object/objectTabs';
import type { KindPlace } from '../resources/kindPlaces';

/** What runs in a namespace: the table that leads on from it. */
export const DEPLOYMENTS = {
  place: 'workloads',
  group: 'apps',
  plural: 'deployments',
} as const;

/** Where things are in this portal. The only place that knows paths; what routing system gave the root does not matter. */
export interface K8sLinks {
  root: string;
  clusters: string;
  register: string;
  changes: string;
  /** How the caches are; of one cluster when its id is given. */
  cache(cluster?: string): string;
  /** The results of a search over all clusters; without a text the page to begin one. */
  search(text?: string): string;
  cluster(id: string, tab?: string): string;
  /** The table of a kind. */
  kind(
    cluster: string,
    type: ResourceType & { place: KindPlace; namespace?: string },
  ): string;
  /** The page of an object. */
  object(ref: ResourceRef, tab?: ObjectTab): string;
  deployment(
    cluster: string,
    options: { namespace: string; name: string },
  ): string;
}

function linksBelow(root: string): K8sLinks {
  const base = root.replace(/\/$/, '');
  const cluster = (id: string, tab?: string) =>
    `${base}/clusters/${id}${tab ? `/${tab}` : ''}`;
  const object: K8sLinks['object'] = (ref, tab) => {
    const { group, plural, namespace, name } = resourcePath(ref);
    // Names of roles may hold what means something in an address.
    const path = `object/${group}/${plural}/${namespace}/${encodeURIComponent(
      name,
    )}`;
    return cluster(ref.cluster, tab ? `${path}/${tab}` : path);
  };
  return {
    root: base,
    clusters: `${base}/clusters`,
    register: `${base}/register`,
    changes: `${base}/changes`,
    cache: id => (id ? `${base}/cache?cluster=${id}` : `${base}/cache`),
    search: text =>
      text ? `${base}/search?q=${encodeURIComponent(text)}` : `${base}/search`,
    cluster,
    kind: (id, { place, group, plural, namespace }) => {
      const path = `${place}/${groupSegment(group)}/${plural}`;
      return cluster(id, namespace ? `${path}?namespace=${namespace}` : path);
    },
    object,
    deployment: (id, { namespace, name }) =>
      object({ ...DEPLOYMENTS, cluster: id, namespace, name }),
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
