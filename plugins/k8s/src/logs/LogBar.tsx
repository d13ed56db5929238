import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SearchField, Select, Switch } from '@backstage/ui';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { logsMessages } from './logsMessages';
import { TAIL_LINES } from './useLogChoices';
import type { LogChoices } from './useLogChoices';
import { useLogStyles } from './useLogStyles';

const ANY = '*';
const SINCE = Object.keys(
  logsMessages.sinceSeconds,
) as (keyof typeof logsMessages.sinceSeconds)[];

/** What of the logs is read, and how it is shown. */
export function LogBar(props: {
  choices: LogChoices;
  /** Containers to choose from; one or none: nothing to choose. */
  containers: readonly string[];
}) {
  const { choices, containers } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useLogStyles();
  const { search, container, since, set } = choices;
  return (
    <>
      <SearchField
        className={classes.search}
        size="small"
        aria-label={t('logs.search')}
        placeholder={t('logs.search')}
        value={search}
        onChange={choices.setSearch}
      />
      {containers.length > 1 && (
        <Select
          className={classes.choice}
          size="small"
          aria-label={t('logs.container')}
          options={[
            { id: ANY, label: t('logs.defaultContainer') },
            ...containers.map(name => ({ id: name, label: name })),
          ]}
          value={container || ANY}
          onChange={key => set.container(key === ANY ? '' : String(key))}
        />
      )}
      <Select
        className={classes.choice}
        size="small"
        aria-label={t('logs.since')}
        options={[
          {
            id: ANY,
            label: t('logs.sinceLast', { lines: TAIL_LINES.toLocaleString() }),
          },
          ...SINCE.map(id => ({ id, label: t(`logs.sinceSeconds.${id}`) })),
        ]}
        value={since || ANY}
        onChange={key => set.since(key === ANY ? '' : String(key))}
      />
      {choices.switches.map(({ id, isOn, turn, isDisabled }) => (
        <Switch
          key={id}
          label={t(`logs.${id}`)}
          isSelected={isOn}
          isDisabled={isDisabled}
          onChange={turn}
        />
      ))}
    </>
  );
}
