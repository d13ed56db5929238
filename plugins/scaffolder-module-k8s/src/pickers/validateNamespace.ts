import { translationApiRef } from '@backstage/frontend-plugin-api';
import type { ApiHolder } from '@backstage/frontend-plugin-api';
import { isDnsLabel } from '@backstage-k8s/plugin-k8s-common';
import {
  BAD_NAME,
  scaffolderTranslationRef,
} from '../translation/scaffolderTranslationRef';

/** Refuses in the form what could only fail in the task: a name that Kubernetes does not allow. */
export function validateNamespace(
  name: string | undefined,
  field: { addError(message: string): void },
  context: { apiHolder: ApiHolder },
): void {
  if (!name || isDnsLabel(name)) return;
  const translation = context.apiHolder
    .get(translationApiRef)
    ?.getTranslation(scaffolderTranslationRef);
  field.addError(
    translation?.ready ? translation.t('namespace.badName') : BAD_NAME,
  );
}
