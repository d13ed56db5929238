import { kindName } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useUrlState } from '@backstage-k8s/plugin-k8s-react';
import type { ReactNode } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { KindIcon } from './KindIcon';
import { useSearchPageStyles } from './useSearchPageStyles';
import type { SearchGroup } from './useSearch';

/** The kinds that something was found of, one of which can be chosen; in the address. */
export function FoundKinds(props: {
  groups: readonly SearchGroup[];
  total: number;
}) {
  const { groups, total } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSearchPageStyles();
  const [chosen, choose] = useUrlState('kind', { push: true });
  const choice = (kind: string, words: ReactNode, count: number) => (
    <li key={kind}>
      <button
        type="button"
        className={classes.kind}
        aria-pressed={chosen === kind}
        onClick={() => choose(chosen === kind ? '' : kind)}
      >
        {words} <span className={classes.count}>{count}</span>
      </button>
    </li>
  );
  return (
    <ul className={classes.kinds} aria-label={t('search.kind')}>
      {choice('', t('search.allKinds'), total)}
      {groups.map(group =>
        choice(
          kindName(group),
          <>
            <KindIcon type={group} />
            {group.kind}
          </>,
          group.total,
        ),
      )}
    </ul>
  );
}
