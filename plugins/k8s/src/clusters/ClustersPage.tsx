import { Header } from '@backstage/ui';

/** ClustersPage. */
export function ClustersPage() {
  return <Header title="Kubernetes" />;
}
