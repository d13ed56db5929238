import { Header } from '@backstage/ui';

/** RegisterPage. */
export function RegisterPage() {
  return <Header title="Kubernetes" />;
}
