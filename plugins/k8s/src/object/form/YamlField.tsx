import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type { FieldProps } from '@rjsf/utils';
import { useEffect, useState } from 'react';
import { parse } from 'yaml';
import { k8sTranslationRef } from '../../translation/k8sTranslationRef';
import { toYaml } from '../manifest';
import { YamlEditor } from '../YamlEditor';
import type { FormContext } from './FormContext';
import { useFormStyles } from './useFormStyles';

/** What the form has no fields for, as YAML: what is unknown, and what is of another type than the schema says. */
export function YamlField(props: FieldProps) {
  const { schema, idSchema, formData, onChange, formContext } = props;
  const { onBroken } = formContext as FormContext;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useFormStyles();
  const id = idSchema.$id;
  const [text, setText] = useState(() =>
    formData === undefined ? '' : toYaml(formData).trimEnd(),
  );
  const [isOpen, setOpen] = useState(formData !== undefined);
  const [problem, setProblem] = useState<string>();
  const write = (next: string) => {
    setText(next);
    try {
      const value: unknown = parse(next);
      onChange(value ?? undefined);
      setProblem(undefined);
      onBroken(id, undefined);
    } catch (error) {
      const message = t('object.problems.syntax', {
        message: (error as Error).message.split('\n')[0],
      });
      setProblem(message);
      onBroken(id, message);
    }
  };
  // What is no longer shown is not in the way.
  useEffect(() => () => onBroken(id, undefined), [onBroken, id]);
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
      {problem && <div className={classes.error}>{problem}</div>}
    </>
  );
}
