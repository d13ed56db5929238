import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useId, useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { k8sTranslationRef } from '../../translation/k8sTranslationRef';
import type { JsonSchema } from '../schema/JsonSchema';
import { firstSentence } from './FieldHelp';
import { pathText } from './fieldPath';
import type { FieldPath } from './fieldPath';
import { listFields, searchFields } from './searchFields';
import { useFormStyles } from './useFormStyles';

/** Finds a field by its name, wherever it is, and shows it in the form. */
export function FieldSearch(props: {
  schema: JsonSchema;
  onPick: (path: FieldPath) => void;
}) {
  const { schema, onPick } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useFormStyles();
  const listId = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const isAsked = text !== '';
  // All fields of a large kind are some thousands: listed when somebody searches.
  const fields = useMemo(
    () => (isAsked ? listFields(schema) : []),
    [schema, isAsked],
  );
  const found = useMemo(() => searchFields(fields, text), [fields, text]);
  const pick = (path: FieldPath) => {
    setText('');
    onPick(path);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key, nativeEvent } = event;
    // The keys are those of an input method: Enter takes its word.
    if (nativeEvent.isComposing) return;
    if (key === 'Escape' && text) {
      setText('');
    } else if (key === 'Enter') {
      if (found[active]) pick(found[active].path);
    } else if (key === 'ArrowDown') {
      setActive(Math.min(active + 1, found.length - 1));
    } else if (key === 'ArrowUp') {
      setActive(Math.max(active - 1, 0));
    } else {
      return;
    }
    // The dialog would close, or go on.
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes.search}>
      <input
        type="search"
        role="combobox"
        className={classes.control}
        aria-label={t('form.search')}
        aria-expanded={isAsked}
        aria-controls={listId}
        aria-activedescendant={
          found[active] ? `${listId}-${active}` : undefined
        }
        placeholder={t('form.search')}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={event => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {isAsked && (
        <div className={classes.found}>
          {found.length === 0 && <p role="status">{t('form.nothingFound')}</p>}
          <div id={listId} role="listbox" aria-label={t('form.search')}>
            {found.map(({ path, description }, index) => (
              <div
                key={pathText(path)}
                id={`${listId}-${index}`}
                role="option"
                // The focus stays in the field above, as in every combobox.
                tabIndex={-1}
                aria-selected={index === active}
                className={`${classes.hit} ${
                  index === active ? classes.isActive : ''
                }`}
                onMouseDown={event => event.preventDefault()}
                onMouseEnter={() => setActive(index)}
                onClick={() => pick(path)}
                onKeyDown={onKeyDown}
              >
                <code>{pathText(path)}</code>
                {description && (
                  <div className={classes.summary}>
                    {firstSentence(description)}
                  </div>
                )}
              </div>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
