import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

const HOUR_MS = 60 * 60 * 1000;
/** In hours; absent: what the cluster remembers, which is one. */
const SPANS: Readonly<Record<string, number>> = { day: 24, week: 7 * 24 };
const PRESENT = 'hour';

// Twice the class, since the field's own style is loaded later.
const useStyles = makeStyles({
  select: { '&&': { width: 150, flex: 'none' } },
});

/** Since when events are asked for, RFC 3339; undefined: only those that the cluster remembers. */
export function sinceOf(span: string): string | undefined {
  const hours = Object.hasOwn(SPANS, span) ? SPANS[span] : undefined;
  return hours === undefined
    ? undefined
    : new Date(Date.now() - hours * HOUR_MS).toISOString();
}

/** Chooses how far back events are shown; empty: as far as the cluster remembers. */
export function EventSpanSelect(props: {
  value: string;
  onChange: (span: string) => void;
}) {
  const { value, onChange } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  return (
    <Select
      className={classes.select}
      size="small"
      aria-label={t('events.span')}
      options={[
        { id: PRESENT, label: t('events.hour') },
        { id: 'day', label: t('events.day') },
        { id: 'week', label: t('events.week') },
      ]}
      value={Object.hasOwn(SPANS, value) ? value : PRESENT}
      onChange={key => onChange(key === PRESENT ? '' : String(key))}
    />
  );
}
