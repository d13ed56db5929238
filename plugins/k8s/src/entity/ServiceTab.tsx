import { Header } from '@backstage/ui';

/** ServiceTab. */
export function ServiceTab() {
  return <Header title="Kubernetes" />;
}
