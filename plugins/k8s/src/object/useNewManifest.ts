import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useMemo, useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { metadataProblems } from './form/formProblems';
import { pathText } from './form/fieldPath';
import type { OpenSections } from './form/formSchema';
import type { YamlDrafts } from './form/yamlDrafts';
import { apiVersionOf, toYaml } from './manifest';
import type { Manifest } from './manifest';
import type { JsonSchema } from './schema/JsonSchema';
import { skeletonManifest } from './schema/skeleton';
import { useManifestText } from './useManifestText';
import type { ManifestText } from './useManifestText';

/** A new object as it is being written, as a form or as YAML. */
export interface NewManifestState extends ManifestText {
  text: string;
  /** Writes it as YAML. */
  write: (text: string) => void;
  /** Writes it as the form has it; comments of the YAML go. */
  change: (manifest: Manifest) => void;
  hasComments: boolean;
  /** What is open in the form. */
  open: OpenSections;
  setOpen: (open: OpenSections) => void;
  /** Pieces of YAML in the form that cannot be read; they keep the object from being tried. */
  drafts: YamlDrafts;
  setDrafts: (drafts: YamlDrafts) => void;
  /** Says whether something that is to be seen in the form is not taken over. */
  setBroken: (isBroken: boolean) => void;
  /** Why it cannot be tried yet. */
  incomplete?: string;
}

const COMMENT = /(^|\s)#/m;

/** @param options - `schema`: absent while it is read, or when the cluster gives none */
export function useNewManifest(
  kind: Kind,
  options: { schema?: JsonSchema; namespace?: string },
): NewManifestState {
  const { schema, namespace } = options;
  const { t } = useTranslationRef(k8sTranslationRef);
  // As YAML; what is written there is kept to the letter as long as the form changes nothing.
  const [written, setWritten] = useState<string>();
  const [changed, setChanged] = useState<Manifest>();
  const [open, setOpen] = useState<OpenSections>({
    sections: {},
    revealed: {},
  });
  const [drafts, setDrafts] = useState<YamlDrafts>({});
  const [isBroken, setBroken] = useState(false);
  const skeleton = useMemo(
    () => toYaml(skeletonManifest(kind, { schema, namespace })),
    [kind, schema, namespace],
  );
  const text = useMemo(
    () => (changed ? toYaml(changed) : written ?? skeleton),
    [changed, written, skeleton],
  );
  const { manifest, problems } = useManifestText(text, {
    expected: { apiVersion: apiVersionOf(kind), kind: kind.kind },
    schema,
  });
  const [problem] = manifest
    ? Object.values(metadataProblems(kind, manifest))
    : [];
  const incomplete = () => {
    if (!manifest) return t('object.unreadable');
    const [draft] = Object.keys(drafts);
    if (draft) {
      return t('form.brokenPiece', { field: pathText(JSON.parse(draft)) });
    }
    if (isBroken) return t('form.brokenPairs');
    return problem && t(`form.problems.${problem}`);
  };
  return {
    ...{ text, manifest, problems, open, setOpen },
    ...{ drafts, setDrafts, setBroken },
    write: next => {
      setChanged(undefined);
      setWritten(next);
      // The whole text says what is there now.
      setDrafts({});
    },
    change: setChanged,
    hasComments: !changed && written !== undefined && COMMENT.test(written),
    incomplete: incomplete(),
  };
}
