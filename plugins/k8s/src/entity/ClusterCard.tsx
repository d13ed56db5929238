import { Header } from '@backstage/ui';

/** ClusterCard. */
export function ClusterCard() {
  return <Header title="Kubernetes" />;
}
