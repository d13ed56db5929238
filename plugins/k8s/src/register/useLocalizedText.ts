import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import {
  appLanguageApiRef,
  useApiHolder,
} from '@backstage/frontend-plugin-api';

/** Reads texts that come in several languages: in the portal's language, else in English. */
export function useLocalizedText(): (text: Schema<'LocalizedText'>) => string {
  const language = useApiHolder()
    .get(appLanguageApiRef)
    ?.getLanguage().language;
  return text => (language && text[language]) || text.en;
}
