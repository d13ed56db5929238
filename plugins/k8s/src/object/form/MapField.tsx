import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonIcon } from '@backstage/ui';
import RemoveIcon from '@material-ui/icons/Close';
import type { FieldProps } from '@rjsf/utils';
import { useEffect, useState } from 'react';
import { k8sTranslationRef } from '../../translation/k8sTranslationRef';
import { isFields } from './fieldPath';
import { optionsOf } from './FormContext';
import type { FormContext } from './FormContext';
import { useFormStyles } from './useFormStyles';

interface Line {
  id: number;
  key: string;
  value: string;
}

/** Lines of a value that are shown before it scrolls. */
const MOST_LINES = 12;

let lastId = 0;

function linesOf(value: unknown): Line[] {
  return isFields(value)
    ? Object.entries(value).map(([key, one]) => ({
        id: (lastId += 1),
        key,
        value: String(one),
      }))
    : [];
}

/** Names and texts: labels, the data of a ConfigMap, quantities of resources. */
export function MapField(props: FieldProps) {
  const { schema, uiSchema, idSchema, formData, onChange, onBlur } = props;
  const { onBroken } = props.formContext as FormContext;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useFormStyles();
  const [lines, setLines] = useState(() => linesOf(formData));
  const { path } = optionsOf(uiSchema);
  // Of an object itself, as the data of a ConfigMap: files, as often as not.
  const isData = path.length === 1;
  const title = schema.title ?? '';
  const change = (next: Line[]) => {
    setLines(next);
    const given = next.filter(({ key }) => key !== '');
    onChange(
      given.length > 0
        ? Object.fromEntries(given.map(({ key, value }) => [key, value]))
        : undefined,
    );
  };
  const edit = (id: number, part: Partial<Line>) =>
    change(lines.map(one => (one.id === id ? { ...one, ...part } : one)));
  const problemOf = ({ key, value }: Line) => {
    // A line that was only added says nothing yet.
    if (key === '') return value === '' ? undefined : t('form.keyMissing');
    const isTwice = lines.filter(line => line.key === key).length > 1;
    return isTwice ? t('form.twice') : undefined;
  };
  const { $id: fieldsId } = idSchema;
  const isBroken = lines.some(problemOf);
  useEffect(() => {
    onBroken(fieldsId, isBroken);
    // What is no longer shown is as it was taken over.
    return () => onBroken(fieldsId, false);
  }, [onBroken, fieldsId, isBroken]);
  const leave = () => onBlur(fieldsId, formData);
  return (
    <>
      <div className={classes.items}>
        {lines.map((line, index) => {
          const { id, key, value } = line;
          const problem = problemOf(line);
          const problemId = `${fieldsId}__problem_${id}`;
          return (
            <div key={id} className={classes.pair}>
              <div>
                <input
                  className={classes.control}
                  aria-label={t('form.mapKey', {
                    map: title,
                    number: String(index + 1),
                  })}
                  placeholder={t('form.key')}
                  aria-invalid={problem !== undefined}
                  aria-describedby={problem && problemId}
                  autoComplete="off"
                  spellCheck={false}
                  value={key}
                  onChange={event => edit(id, { key: event.target.value })}
                  onBlur={leave}
                />
                {problem && (
                  <div id={problemId} className={classes.error} role="status">
                    {problem}
                  </div>
                )}
              </div>
              {isData ? (
                <textarea
                  className={classes.code}
                  aria-label={t('form.mapValue', { map: title, key })}
                  placeholder={t('form.value')}
                  rows={Math.min(value.split('\n').length, MOST_LINES)}
                  spellCheck={false}
                  value={value}
                  onChange={event => edit(id, { value: event.target.value })}
                  onBlur={leave}
                />
              ) : (
                <input
                  className={classes.control}
                  aria-label={t('form.mapValue', { map: title, key })}
                  placeholder={t('form.value')}
                  autoComplete="off"
                  spellCheck={false}
                  value={value}
                  onChange={event => edit(id, { value: event.target.value })}
                  onBlur={leave}
                />
              )}
              <ButtonIcon
                size="small"
                variant="tertiary"
                aria-label={t('form.removeItem', {
                  name: key || `#${index + 1}`,
                  list: title,
                })}
                icon={<RemoveIcon fontSize="small" />}
                onPress={() => change(lines.filter(one => one.id !== id))}
              />
            </div>
          );
        })}
      </div>
      <div className={lines.length > 0 ? classes.add : undefined}>
        <Button
          id={fieldsId}
          size="small"
          variant="secondary"
          aria-label={t('form.addTo', { list: title })}
          onPress={() =>
            setLines([...lines, { id: (lastId += 1), key: '', value: '' }])
          }
        >
          {t('form.add')}
        </Button>
      </div>
    </>
  );
}
