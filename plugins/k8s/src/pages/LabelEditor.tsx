import { isLabelKey, isLabelValue } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonIcon, TextField } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import RemoveIcon from '@material-ui/icons/Close';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

interface Line {
  id: number;
  key: string;
  value: string;
}

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: 'var(--bui-space-2)',
    border: 0,
    margin: 0,
    padding: 0,
    '& legend': {
      padding: 0,
      marginBottom: 'var(--bui-space-2)',
      fontSize: 13,
    },
  },
  line: {
    display: 'grid',
    gridTemplateColumns: '1fr 1fr max-content',
    gap: 'var(--bui-space-2)',
    alignItems: 'start',
  },
  add: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: 'var(--bui-space-2)',
  },
});

let nextId = 0;

function toLines(labels: Readonly<Record<string, string>>): Line[] {
  return Object.entries(labels).map(([key, value]) => ({
    id: nextId++,
    key,
    value,
  }));
}

/** Edits labels as keys and values; tells of them when all are well-formed. */
export function LabelEditor(props: {
  labels: Readonly<Record<string, string>>;
  onChange: (labels: Record<string, string>) => void;
  /** Keys that are offered. */
  suggested?: readonly string[];
}) {
  const { onChange, suggested = [] } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const [lines, setLines] = useState(() => toLines(props.labels));
  const change = (next: Line[]) => {
    setLines(next);
    const given = next.filter(({ key }) => key !== '');
    onChange(Object.fromEntries(given.map(({ key, value }) => [key, value])));
  };
  const add = (key: string) =>
    change([...lines, { id: nextId++, key, value: '' }]);
  const edit = (id: number, part: Partial<Line>) =>
    change(lines.map(line => (line.id === id ? { ...line, ...part } : line)));
  const unused = suggested.filter(key => lines.every(line => line.key !== key));
  return (
    <fieldset className={classes.root}>
      <legend>{t('labels.title')}</legend>
      {lines.map(({ id, key, value }) => (
        <div key={id} className={classes.line}>
          <TextField
            size="small"
            aria-label={t('labels.key')}
            placeholder={t('labels.key')}
            value={key}
            isInvalid={key !== '' && !isLabelKey(key)}
            onChange={text => edit(id, { key: text })}
          />
          <TextField
            size="small"
            aria-label={t('labels.value', { key })}
            placeholder={t('labels.value', { key })}
            value={value}
            isInvalid={!isLabelValue(value)}
            onChange={text => edit(id, { value: text })}
          />
          <ButtonIcon
            size="small"
            variant="tertiary"
            aria-label={t('labels.remove', { key })}
            icon={<RemoveIcon fontSize="small" />}
            onPress={() => change(lines.filter(line => line.id !== id))}
          />
        </div>
      ))}
      <div className={classes.add}>
        {unused.map(key => (
          <Button
            key={key}
            size="small"
            variant="secondary"
            onPress={() => add(key)}
          >
            + {key}
          </Button>
        ))}
        <Button size="small" variant="secondary" onPress={() => add('')}>
          {t('labels.add')}
        </Button>
      </div>
    </fieldset>
  );
}
