/** The form itself; only {@link ObjectForm} loads it, when somebody wants one. */
import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useNamespaces } from '@backstage-k8s/plugin-k8s-react';
import { withTheme } from '@rjsf/core';
import type { IChangeEvent } from '@rjsf/core';
import { Theme } from '@rjsf/material-ui';
import type {
  CustomValidator,
  FormValidation,
  RJSFValidationError,
} from '@rjsf/utils';
import { customizeValidator } from '@rjsf/validator-ajv8';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { k8sTranslationRef } from '../../translation/k8sTranslationRef';
import type { Manifest } from '../manifest';
import type { JsonSchema } from '../schema/JsonSchema';
import { BooleanField, ChoiceInput } from './ChoiceInput';
import {
  fieldId,
  isFields,
  pathKey,
  withItems,
  withoutUndefined,
} from './fieldPath';
import type { FieldPath } from './fieldPath';
import { FieldRow } from './FieldRow';
import { FieldSearch } from './FieldSearch';
import type { FormContext } from './FormContext';
import { metadataProblems } from './formProblems';
import { formSchemaOf } from './formSchema';
import type { FormSchema, OpenSections } from './formSchema';
import { ListField } from './ListField';
import { MapField } from './MapField';
import { ClosedField, ObjectSection } from './ObjectSection';
import { ScalarField } from './ScalarField';
import { TextInput } from './TextInput';
import { useFormStyles } from './useFormStyles';
import { reorderDrafts, withDraft } from './yamlDrafts';
import type { YamlDrafts } from './yamlDrafts';
import { YamlField } from './YamlField';

/** What the form of an object gets. */
export interface ManifestFormProps {
  cluster: string;
  kind: Pick<Kind, 'group' | 'plural' | 'kind' | 'namespaced'>;
  schema: JsonSchema;
  manifest: Manifest;
  onChange: (manifest: Manifest) => void;
  /** What is open; kept by whoever shows the form, so that it is the same after a look at something else. */
  open: OpenSections;
  onOpen: (open: OpenSections) => void;
  /** Pieces of YAML that cannot be read; kept with what is open. */
  drafts: YamlDrafts;
  onDrafts: (drafts: YamlDrafts) => void;
  /** Whether something that is to be seen in the form is not taken over. */
  onBroken: (isBroken: boolean) => void;
}

const Form = withTheme(Theme);

const FIELDS = {
  BooleanField,
  ClosedField,
  ListField,
  MapField,
  ScalarField,
  YamlField,
};
const WIDGETS = { SelectWidget: ChoiceInput };
const TEMPLATES = {
  BaseInputTemplate: TextInput,
  FieldTemplate: FieldRow,
  ObjectFieldTemplate: ObjectSection,
};

/** The same object as long as it says the same: the form and its checks are made anew only for another one. */
function useSame<Value>(value: Value): Value {
  const kept = useRef({ text: '', value });
  const text = JSON.stringify(value);
  if (kept.current.text !== text) kept.current = { text, value };
  return kept.current.value;
}

/** The form of an object, made from the schema of its kind. */
export default function ManifestForm(props: ManifestFormProps) {
  const { cluster, kind, schema, manifest, open, onOpen } = props;
  const { drafts, onDrafts, onBroken } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useFormStyles();
  const namespaces = useNamespaces(cluster);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  // It begins where everybody begins.
  const [wanted, setWanted] = useState<{ id: string } | undefined>(
    // A YAML may have no metadata yet.
    isFields(manifest.metadata) && manifest.metadata.name
      ? undefined
      : { id: fieldId(['metadata', 'name']) },
  );
  const broken = useRef(new Set<string>());
  const { namespaced } = kind;
  const shown = useSame<FormSchema>(
    useMemo(
      () =>
        formSchemaOf(schema, {
          data: manifest,
          open,
          isNamespaced: namespaced,
        }),
      [schema, manifest, open, namespaced],
    ),
  );
  // Of this form: it keeps the checks that it made.
  const validator = useMemo(() => customizeValidator(), []);

  const latest = useRef(open);
  latest.current = open;
  const toggle = useCallback(
    (path: FieldPath, isOpen: boolean) => {
      const { sections } = latest.current;
      onOpen({
        ...latest.current,
        sections: { ...sections, [pathKey(path)]: isOpen },
      });
      setWanted({ id: fieldId(path) });
    },
    [onOpen],
  );
  const reveal = useCallback(
    (path: FieldPath, isRevealed: boolean) => {
      const { revealed } = latest.current;
      onOpen({
        ...latest.current,
        revealed: { ...revealed, [pathKey(path)]: isRevealed },
      });
    },
    [onOpen],
  );
  const tellBroken = useCallback(
    (id: string, isBroken: boolean) => {
      if (isBroken) broken.current.add(id);
      else broken.current.delete(id);
      onBroken(broken.current.size > 0);
    },
    [onBroken],
  );
  // The form is not made anew with each key that is typed into them.
  const latestDrafts = useRef(drafts);
  latestDrafts.current = drafts;
  const draftContext = useMemo(() => {
    const change = (next: YamlDrafts) => {
      // Several fields may speak before the next rendering.
      latestDrafts.current = next;
      onDrafts(next);
    };
    return {
      draftOf: (path: FieldPath) => latestDrafts.current[pathKey(path)],
      onDraft: (path: FieldPath, text: string | undefined) =>
        change(withDraft(latestDrafts.current, path, text)),
      onReorder: (list: FieldPath, order: readonly number[]) =>
        change(reorderDrafts(latestDrafts.current, list, order)),
    };
  }, [onDrafts]);
  const names = namespaces.data?.rows.map(({ name }) => name).join(' ');
  const formContext = useMemo<FormContext>(
    () => ({
      ...{ toggle, reveal, left, ...draftContext },
      onBroken: tellBroken,
      namespaces: names ? names.split(' ') : [],
    }),
    [toggle, reveal, left, draftContext, tellBroken, names],
  );

  /** Opens all that the way to a field leads through, and goes there. */
  const goTo = (path: FieldPath) => {
    const sections = { ...open.sections };
    const revealed = { ...open.revealed };
    for (let length = 1; length < path.length; length++) {
      const way = path.slice(0, length);
      sections[pathKey(way)] = true;
      revealed[pathKey(way)] = true;
    }
    sections[pathKey(path)] = true;
    const next = withItems(manifest, path) as Manifest;
    if (next !== manifest) props.onChange(next);
    onOpen({ sections, revealed });
    setWanted({ id: fieldId(path) });
  };
  useEffect(() => {
    if (!wanted) return undefined;
    // The form shows what is new in it a moment after it was told.
    const timer = setTimeout(() => {
      const control = document.getElementById(wanted.id);
      control?.scrollIntoView?.({ block: 'center' });
      control?.focus();
    });
    return () => clearTimeout(timer);
  }, [wanted]);

  const words = (error: RJSFValidationError): string => {
    const { name, params, message = '' } = error;
    switch (name) {
      case 'required':
        return t('form.problems.required');
      case 'minLength':
        return params.limit > 1
          ? t('form.problems.minLength', { limit: String(params.limit) })
          : t('form.problems.required');
      case 'maxLength':
      case 'minItems':
      case 'maxItems':
        return t(`form.problems.${name}`, { count: Number(params.limit) });
      case 'pattern':
        return t('form.problems.pattern', { pattern: String(params.pattern) });
      case 'minimum':
      case 'maximum':
        return t(`form.problems.${name}`, { limit: String(params.limit) });
      case 'type':
        if (params.type === 'integer') return t('form.problems.integer');
        if (params.type === 'number') return t('form.problems.number');
        return t('form.problems.other');
      case 'enum':
        return t('form.problems.enum');
      default:
        // What the checks of metadata say is translated; the library's own words are not.
        return name ? t('form.problems.other') : message;
    }
  };
  const check: CustomValidator<Manifest> = (data, errors) => {
    const problems = metadataProblems(kind, data ?? manifest);
    const ofMetadata = (errors.metadata ?? {}) as Record<
      string,
      FormValidation | undefined
    >;
    for (const [field, problem] of Object.entries(problems)) {
      // What is missing is said by the schema.
      if (problem !== 'nameMissing') {
        ofMetadata[field]?.addError(t(`form.problems.${problem}`));
      }
    }
    return errors;
  };
  return (
    <div className={classes.root}>
      <FieldSearch schema={schema} onPick={goTo} />
      <Form
        tagName="div"
        schema={shown.schema}
        uiSchema={shown.uiSchema}
        formData={manifest}
        formContext={formContext}
        validator={validator}
        customValidate={check}
        transformErrors={errors =>
          errors.map(error => ({ ...error, message: words(error) }))
        }
        fields={FIELDS}
        widgets={WIDGETS}
        templates={TEMPLATES}
        experimental_defaultFormStateBehavior={{
          emptyObjectFields: 'skipDefaults',
        }}
        liveValidate
        noHtml5Validate
        showErrorList={false}
        onChange={({ formData }: IChangeEvent<Manifest>) =>
          props.onChange((withoutUndefined(formData) ?? manifest) as Manifest)
        }
        onBlur={id => setLeft(known => new Set(known).add(id))}
      >
        {/* The dialog has the buttons. */}
        <></>
      </Form>
    </div>
  );
}
