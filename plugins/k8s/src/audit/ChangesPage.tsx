import { Header } from '@backstage/ui';

/** Who changed what, when, where and with which result, refused ones too. */
export function ChangesPage() {
  return <Header title="Kubernetes" />;
}
