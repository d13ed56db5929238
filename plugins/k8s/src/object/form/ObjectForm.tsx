import { Skeleton } from '@backstage/ui';
import { lazy, Suspense } from 'react';
import type { ManifestFormProps } from './ManifestForm';

// The form library is as large as all pages together, and few dialogs show a form.
const ManifestForm = lazy(() => import('./ManifestForm'));

/** The form of an object, made from the schema of its kind. */
export function ObjectForm(props: ManifestFormProps) {
  return (
    <Suspense fallback={<Skeleton height={320} />}>
      <ManifestForm {...props} />
    </Suspense>
  );
}
