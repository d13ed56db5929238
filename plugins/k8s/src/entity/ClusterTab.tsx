import { Header } from '@backstage/ui';

/** ClusterTab. */
export function ClusterTab() {
  return <Header title="Kubernetes" />;
}
