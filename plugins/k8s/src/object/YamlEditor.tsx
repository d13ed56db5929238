import { Skeleton } from '@backstage/ui';
import { lazy, Suspense } from 'react';
import type { YamlCodeProps } from './YamlCode';

// The editor is larger than all pages together, and few of them have one.
const YamlCode = lazy(() => import('./YamlCode'));

/** A text field for YAML with lines, colours, problems where they are, and what may be written by the schema. */
export function YamlEditor(props: YamlCodeProps) {
  return (
    <Suspense fallback={<Skeleton height={320} />}>
      <YamlCode {...props} />
    </Suspense>
  );
}
