import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type { FieldProps } from '@rjsf/utils';
import { useMemo, useState } from 'react';
import { parse } from 'yaml';
import { k8sTranslationRef } from '../../translation/k8sTranslationRef';
import { toYaml } from '../manifest';
import { YamlEditor } from '../YamlEditor';
import { optionsOf } from './FormContext';
import type { FormContext } from './FormContext';
import { useFormStyles } from './useFormStyles';

/** What a piece of YAML says, or what is wrong with it. */
function readPiece(text: string): { value?: unknown; problem?: string } {
  try {
    return { value: parse(text) ?? undefined };
  } catch (error) {
    // Its first line; the others show the text, which is there anyway.
    return { problem: (error as Error).message.split('\n')[0] };
  }
}

/** What the form has no fields for, as YAML: what is unknown, and what is of another type than the schema says. */
export function YamlField(props: FieldProps) {
  const { schema, uiSchema, idSchema, formData, onChange } = props;
  const { draftOf, onDraft } = props.formContext as FormContext;
  const { path } = optionsOf(uiSchema);
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useFormStyles();
  const id = idSchema.$id;
  // What was begun and cannot be read yet is newer than what is set.
  const [text, setText] = useState(
    () =>
      draftOf(path) ??
      (formData === undefined ? '' : toYaml(formData).trimEnd()),
  );
  const [isOpen, setOpen] = useState(text !== '' || formData !== undefined);
  const { problem } = useMemo(() => readPiece(text), [text]);
  const write = (next: string) => {
    setText(next);
    const piece = readPiece(next);
    onDraft(path, piece.problem === undefined ? undefined : next);
    if (piece.problem === undefined) onChange(piece.value);
  };
  if (!isOpen) {
    return (
      <Button
        id={id}
        size="small"
        variant="secondary"
        aria-label={t('form.asYamlOf', { name: schema.title ?? '' })}
        onPress={() => setOpen(true)}
      >
        {t('form.asYaml')}
      </Button>
    );
  }
  return (
    <>
      <YamlEditor
        label={t('object.yamlOf', { name: schema.title ?? '' })}
        value={text}
        onChange={write}
        minHeight="54px"
        maxHeight="240px"
      />
      {problem !== undefined && (
        <div className={classes.error}>
          {t('object.problems.syntax', { message: problem })}
        </div>
      )}
    </>
  );
}
