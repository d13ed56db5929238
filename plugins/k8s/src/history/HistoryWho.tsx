import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { Actor } from '../audit/Actor';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { changeOrigin } from './changeOrigin';
import type { HistoryEntry } from './HistoryEntry';

const useStyles = makeStyles({ quiet: { color: QUIET_COLOR } });

/** Who made a change: a user of the portal, or the programs that wrote. */
export function HistoryWho({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const { audit, by, managers, type } = entry;
  if (audit) return <Actor actor={audit.actor} />;
  if (by === 'portal') {
    return (
      <span className={classes.quiet} title={t('history.otherUserAdvice')}>
        {t('history.otherUser')}
      </span>
    );
  }
  if (managers.length === 0) {
    const words = t(
      type === 'deleted' ? 'history.nobodyDeleted' : 'history.nobody',
    );
    return (
      <span className={classes.quiet} title={words}>
        {t('history.unknown')}
      </span>
    );
  }
  const names = [...new Set(managers.map(({ manager }) => manager))];
  return <span title={names.join(', ')}>{names.join(', ')}</span>;
}

/** Where a change came from, in a word. */
export function HistoryOrigin({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const { by, managers } = entry;
  if (by === 'portal') return <>{t('history.origin.portal')}</>;
  if (managers.length === 0) {
    return <span className={classes.quiet}>{t('history.outside')}</span>;
  }
  const origins = new Set(managers.map(({ manager }) => changeOrigin(manager)));
  const words = [...origins].map(origin => t(`history.origin.${origin}`));
  return <span title={words.join(', ')}>{words.join(', ')}</span>;
}
