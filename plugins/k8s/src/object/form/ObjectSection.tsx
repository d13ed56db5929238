import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type { FieldProps, ObjectFieldTemplateProps } from '@rjsf/utils';
import { k8sTranslationRef } from '../../translation/k8sTranslationRef';
import { optionsOf } from './FormContext';
import type { FormContext } from './FormContext';
import { SectionHead } from './SectionHead';
import { useFormStyles } from './useFormStyles';

/** An object with fields of its own, open. */
export function ObjectSection(props: ObjectFieldTemplateProps) {
  const { idSchema, title, description, properties, required } = props;
  const { toggle, reveal } = props.formContext as FormContext;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useFormStyles();
  const { path, restCount = 0, isRevealed } = optionsOf(props.uiSchema);
  const isWithoutHead = path.length === 0 || typeof path.at(-1) === 'number';
  const content = (
    <>
      <div className={classes.grid}>
        {properties.map(({ content: field }) => field)}
      </div>
      {restCount > 0 && (
        <div>
          <Button
            size="small"
            variant="tertiary"
            aria-expanded={isRevealed}
            onPress={() => reveal(path, !isRevealed)}
          >
            {isRevealed
              ? t('form.fewerFields')
              : t('form.moreFields', { count: restCount })}
          </Button>
        </div>
      )}
    </>
  );
  if (isWithoutHead) return content;
  return (
    <section className={classes.section} aria-label={title}>
      <SectionHead
        id={idSchema.$id}
        title={title}
        description={typeof description === 'string' ? description : undefined}
        isRequired={required}
        isOpen
        onToggle={() => toggle(path, false)}
      />
      <div
        className={`${classes.body} ${path.length > 1 ? classes.inner : ''}`}
      >
        {content}
      </div>
    </section>
  );
}

/** An object with fields of its own, closed: nothing of it is built until somebody opens it. */
export function ClosedField(props: FieldProps) {
  const { idSchema, schema, uiSchema, required } = props;
  const { toggle } = props.formContext as FormContext;
  const classes = useFormStyles();
  const { path } = optionsOf(uiSchema);
  return (
    <section className={classes.section} aria-label={schema.title}>
      <SectionHead
        id={idSchema.$id}
        title={schema.title ?? ''}
        description={schema.description}
        isRequired={required}
        isOpen={false}
        onToggle={() => toggle(path, true)}
      />
    </section>
  );
}
