import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useMemo, useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { metadataProblems } from './form/formProblems';
import type { OpenSections } from './form/formSchema';
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
  /** Says that a piece of YAML in the form cannot be read. */
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
    if (isBroken) return t('form.brokenPiece');
    return problem && t(`form.problems.${problem}`);
  };
  return {
    ...{ text, manifest, problems, open, setOpen, setBroken },
    write: next => {
      setChanged(undefined);
      setWritten(next);
    },
    change: setChanged,
    hasComments: !changed && written !== undefined && COMMENT.test(written),
    incomplete: incomplete(),
  };
}
