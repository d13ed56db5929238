import { FIELD_MANAGER } from '@backstage-k8s/plugin-k8s-common';

/** From where objects are changed, by the names under which programs write. */
const ORIGINS = [
  ['portal', new RegExp(`^${FIELD_MANAGER}$`)],
  ['kubectl', /^kubectl/],
  ['flux', /^(kustomize|helm|source|notification|image-\w+)-controller$/],
  ['argo', /^argocd/],
  ['helm', /^helm/i],
  [
    'kubernetes',
    /^(kube-(controller-manager|apiserver|scheduler)|kubelet|cloud-controller-manager|clusterrole-aggregation-controller)$/,
  ],
] as const;

/** Where a change came from; `other`: a program of which only the name is known. */
export type ChangeOrigin = (typeof ORIGINS)[number][0] | 'other';

/** Where a field manager writes from. */
export function changeOrigin(manager: string): ChangeOrigin {
  return ORIGINS.find(([, names]) => names.test(manager))?.[0] ?? 'other';
}
