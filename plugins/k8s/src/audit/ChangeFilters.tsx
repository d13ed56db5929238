import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Combobox, Select } from '@backstage/ui';
import { useClusters } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { AUDIT_ACTIONS } from './auditActions';
import { OUTCOMES, PRESETS } from './auditFilter';
import type { FilterState } from './auditFilter';
import { fromLocalInput, toLocalInput } from './localTime';

const ALL = '*';

const useStyles = makeStyles({
  // Twice the class, since the fields' own style is loaded later.
  field: { '&&': { width: 132, flex: 'none' } },
  who: { '&&': { width: 160, flex: 'none' } },
  time: {
    height: 32,
    padding: '0 8px',
    border: '1px solid var(--bui-border-2)',
    borderRadius: 'var(--bui-radius-2)',
    background: 'var(--bui-bg-app)',
    color: 'var(--bui-fg-primary)',
    colorScheme: 'light dark',
    font: 'inherit',
    fontSize: 13,
    '&:focus-visible': { outline: '2px solid var(--bui-ring)' },
  },
});

interface FilterProps {
  state: FilterState;
  onChange: (changes: Partial<FilterState>) => void;
}

/** One of some values; the first option stands for all of them. */
function Choice(props: {
  label: string;
  all: string;
  value: string;
  options: { id: string; label: string }[];
  onChange: (value: string) => void;
}) {
  const { label, all, value, options, onChange } = props;
  const classes = useStyles();
  // What the address asks for is shown even where it is no option (any more).
  const isKnown = !value || options.some(({ id }) => id === value);
  const listed = isKnown ? options : [...options, { id: value, label: value }];
  return (
    <Select
      className={classes.field}
      size="small"
      aria-label={label}
      options={[{ id: ALL, label: all }, ...listed]}
      value={value || ALL}
      onChange={key => onChange(key === ALL ? '' : String(key))}
    />
  );
}

/** Who did it: somebody of the rows in sight, or any name that is typed. */
function WhoFilter(props: FilterProps & { actors: readonly string[] }) {
  const { state, onChange, actors } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const [typed, setTyped] = useState(state.who);
  const [shown, setShown] = useState(state.who);
  if (shown !== state.who) {
    // Back, or the filters were cleared.
    setShown(state.who);
    setTyped(state.who);
  }
  const pass = (who: string) => {
    setTyped(who);
    setShown(who);
    if (who !== state.who) onChange({ who });
  };
  return (
    <Combobox
      className={classes.who}
      size="small"
      aria-label={t('changes.filterWho')}
      placeholder={t('changes.anyone')}
      allowsCustomValue
      options={actors.map(actor => ({ id: actor, label: actor }))}
      search={{ inputValue: typed, onInputChange: setTyped }}
      value={actors.includes(state.who) ? state.who : null}
      onChange={key => key !== null && pass(String(key))}
      onBlur={() => pass(typed.trim())}
      onKeyDown={event => {
        if (event.key === 'Enter') pass(typed.trim());
      }}
    />
  );
}

function Moment(props: {
  label: string;
  value: string;
  onChange: (at: string) => void;
}) {
  const { label, value, onChange } = props;
  const classes = useStyles();
  return (
    <input
      type="datetime-local"
      className={classes.time}
      aria-label={label}
      title={label}
      value={toLocalInput(value)}
      onChange={event => onChange(fromLocalInput(event.target.value))}
    />
  );
}

function WhenFilter({ state, onChange }: FilterProps) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const presets = [
    ...(Object.keys(PRESETS) as (keyof typeof PRESETS)[]),
    'custom' as const,
  ];
  return (
    <>
      <Choice
        label={t('changes.filterWhen')}
        all={t('changes.preset.any')}
        options={presets.map(id => ({ id, label: t(`changes.preset.${id}`) }))}
        value={state.when}
        onChange={when => onChange({ when, from: '', to: '' })}
      />
      {state.when === 'custom' && (
        <>
          <Moment
            label={t('changes.from')}
            value={state.from}
            onChange={from => onChange({ from })}
          />
          <Moment
            label={t('changes.to')}
            value={state.to}
            onChange={to => onChange({ to })}
          />
        </>
      )}
    </>
  );
}

/** Who, what, which cluster, when, with what result. */
export function ChangeFilters(
  props: FilterProps & { actors: readonly string[]; withCluster: boolean },
) {
  const { state, onChange, withCluster } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const clusters = useClusters();
  return (
    <>
      <WhenFilter {...props} />
      <WhoFilter {...props} />
      <Choice
        label={t('changes.filterAction')}
        all={t('changes.anyAction')}
        options={AUDIT_ACTIONS.map(action => ({
          id: action,
          label: t(`changes.actions.${action}`),
        }))}
        value={state.action}
        onChange={action => onChange({ action })}
      />
      {withCluster && (
        <Choice
          label={t('changes.filterCluster')}
          all={t('changes.anyCluster')}
          options={(clusters.data ?? []).map(({ id, name }) => ({
            id,
            label: name,
          }))}
          value={state.cluster}
          onChange={cluster => onChange({ cluster })}
        />
      )}
      <Choice
        label={t('changes.filterResult')}
        all={t('changes.anyResult')}
        options={OUTCOMES.map(id => ({
          id,
          label: t(`changes.outcome.${id}`),
        }))}
        value={state.result}
        onChange={result => onChange({ result })}
      />
    </>
  );
}
