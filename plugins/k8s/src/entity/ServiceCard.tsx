import { Header } from '@backstage/ui';

/** ServiceCard. */
export function ServiceCard() {
  return <Header title="Kubernetes" />;
}
