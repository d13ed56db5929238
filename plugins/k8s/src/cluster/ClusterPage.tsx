import { Header } from '@backstage/ui';

/** ClusterPage. */
export function ClusterPage() {
  return <Header title="Kubernetes" />;
}
