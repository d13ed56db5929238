import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonIcon } from '@backstage/ui';
import DownIcon from '@material-ui/icons/ArrowDownward';
import UpIcon from '@material-ui/icons/ArrowUpward';
import RemoveIcon from '@material-ui/icons/Close';
import type {
  ErrorSchema,
  FieldProps,
  RJSFSchema,
  UiSchema,
} from '@rjsf/utils';
import { useRef } from 'react';
import { k8sTranslationRef } from '../../translation/k8sTranslationRef';
import { isFields } from './fieldPath';
import { optionsOf } from './FormContext';
import type { FormContext } from './FormContext';
import type { FieldShape } from './fieldShape';
import { useFormStyles } from './useFormStyles';

/** What a new item begins as. */
function newItem(shape: FieldShape | undefined): unknown {
  switch (shape) {
    case 'section':
    case 'map':
      return {};
    case 'number':
    case 'integer':
      return 0;
    case 'boolean':
      return false;
    case 'list':
      return [];
    default:
      return '';
  }
}

/** What becomes of an item that is emptied: it stays where it is, to be filled again or taken out. */
function emptied(shape: FieldShape | undefined): unknown {
  return shape === 'number' || shape === 'integer' ? '' : newItem(shape);
}

/** What an item is called: by its name, else by its number. */
function itemName(item: unknown, index: number): string {
  const name = isFields(item) ? item.name : undefined;
  return typeof name === 'string' && name ? name : `#${index + 1}`;
}

let lastKey = 0;

/** Keys of items that stay with them when others go or come. */
function useItemKeys(count: number) {
  const keys = useRef<number[]>([]);
  while (keys.current.length < count) keys.current.push((lastKey += 1));
  keys.current.length = count;
  return keys;
}

/** A list: each item with fields of its own, added, taken out and moved. */
export function ListField(props: FieldProps) {
  const { schema, uiSchema, idSchema, formData, errorSchema } = props;
  const { onChange, onBlur, onFocus, registry, formContext } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useFormStyles();
  const { SchemaField } = registry.fields;
  const { onReorder } = formContext as FormContext;
  const { path, itemShape } = optionsOf(uiSchema);
  const items: unknown[] = Array.isArray(formData) ? formData : [];
  const keys = useItemKeys(items.length);
  const schemas = Array.isArray(schema.items)
    ? (schema.items as RJSFSchema[])
    : [];
  const uiSchemas = (uiSchema?.items ?? []) as unknown as UiSchema[];
  const errors = (errorSchema ?? {}) as Record<number, ErrorSchema>;
  const title = schema.title ?? '';
  const change = (next: unknown[]) =>
    onChange(next.length > 0 ? next : undefined);
  const remove = (index: number) => {
    keys.current.splice(index, 1);
    const isKept = (_: unknown, place: number) => place !== index;
    onReorder(path, [...items.keys()].filter(isKept));
    change(items.filter(isKept));
  };
  const swap = (index: number) => {
    const order = keys.current;
    [order[index - 1], order[index]] = [order[index], order[index - 1]];
    const places = [...items.keys()];
    [places[index - 1], places[index]] = [index, index - 1];
    onReorder(path, places);
    change(places.map(place => items[place]));
  };
  const fieldOf = (index: number) => {
    const itemSchema = schemas[index];
    if (!itemSchema) return null;
    const id = `${idSchema.$id}_${index}`;
    return (
      <SchemaField
        name={`${title} ${index + 1}`}
        schema={itemSchema}
        uiSchema={uiSchemas[index]}
        idSchema={registry.schemaUtils.toIdSchema(
          itemSchema,
          id,
          items[index],
          'root',
        )}
        formData={items[index]}
        formContext={formContext}
        errorSchema={errors[index]}
        onChange={(value: unknown) =>
          change(
            items.map((item, place) =>
              place === index ? value ?? emptied(itemShape) : item,
            ),
          )
        }
        onBlur={onBlur}
        onFocus={onFocus}
        registry={registry}
        required
      />
    );
  };
  const buttonsOf = (index: number) => {
    const words = { name: itemName(items[index], index), list: title };
    return (
      <>
        <ButtonIcon
          size="small"
          variant="tertiary"
          isDisabled={index === 0}
          aria-label={t('form.moveUp', words)}
          icon={<UpIcon fontSize="small" />}
          onPress={() => swap(index)}
        />
        <ButtonIcon
          size="small"
          variant="tertiary"
          isDisabled={index === items.length - 1}
          aria-label={t('form.moveDown', words)}
          icon={<DownIcon fontSize="small" />}
          onPress={() => swap(index + 1)}
        />
        <ButtonIcon
          size="small"
          variant="tertiary"
          aria-label={t('form.removeItem', words)}
          icon={<RemoveIcon fontSize="small" />}
          onPress={() => remove(index)}
        />
      </>
    );
  };
  return (
    <>
      {items.length > 0 && (
        <ol className={classes.items}>
          {items.map((item, index) =>
            itemShape === 'section' ? (
              <li key={keys.current[index]} className={classes.item}>
                <div className={classes.itemHead}>
                  <span className={classes.itemName}>
                    {itemName(item, index)}
                  </span>
                  {buttonsOf(index)}
                </div>
                {fieldOf(index)}
              </li>
            ) : (
              <li key={keys.current[index]} className={classes.line}>
                <div className={classes.lineField}>{fieldOf(index)}</div>
                {buttonsOf(index)}
              </li>
            ),
          )}
        </ol>
      )}
      <div className={items.length > 0 ? classes.add : undefined}>
        <Button
          id={idSchema.$id}
          size="small"
          variant="secondary"
          aria-label={t('form.addTo', { list: title })}
          onPress={() => change([...items, newItem(itemShape)])}
        >
          {t('form.add')}
        </Button>
      </div>
    </>
  );
}
