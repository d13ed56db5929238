import { Header } from '@backstage/ui';

/** ChangesPage. */
export function ChangesPage() {
  return <Header title="Kubernetes" />;
}
