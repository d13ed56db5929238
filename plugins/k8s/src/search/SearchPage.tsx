import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import {
  EmptyState,
  ErrorPanel,
  ResourceTable,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import { kindName, parseKindName } from '@backstage-k8s/plugin-k8s-common';
import { useCallback, useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { PageFrame } from '../pages/PageFrame';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { FoundKinds } from './FoundKinds';
import { PartlyNotice } from './PartlyNotice';
import { SearchClusterChoice } from './SearchClusterChoice';
import { linkOfFound } from './searchOptions';
import { useFoundColumns } from './useFoundColumns';
import type { FoundRow } from './useFoundColumns';
import { useSearchPageStyles } from './useSearchPageStyles';
import { LEAST_TEXT, useSearch } from './useSearch';
import type { SearchAnswer } from './useSearch';

/** Objects of each kind while all kinds are shown. */
const OF_EACH = 25;
/** Objects of the one kind that is chosen; what the API gives at most. */
const OF_ONE = 500;

const rowKey = ({ group, item }: FoundRow) =>
  `${kindName(group)} ${item.cluster} ${item.uid}`;
const signature = ({ item }: FoundRow) =>
  JSON.stringify([item.health, item.deleting]);
const groupOf = ({ group }: FoundRow) =>
  group.custom ? `${group.kind}.${group.group}` : group.kind;

function rowsOf({ groups, clusters }: SearchAnswer): FoundRow[] {
  const names = new Map(clusters.map(({ id, name }) => [id, name]));
  return groups.flatMap(group =>
    group.items.map(item => ({
      group,
      item,
      cluster: names.get(item.cluster) ?? item.cluster,
    })),
  );
}

/** What was found, with its kinds and clusters to choose from. */
function Results({ text }: { text: string }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSearchPageStyles();
  const links = useLinks();
  const navigate = useNavigate();
  const [kind] = useUrlState('kind');
  const [cluster] = useUrlState('cluster');
  const [parameters, setParameters] = useSearchParams();
  const type = useMemo(() => (kind ? parseKindName(kind) : undefined), [kind]);
  // Which kinds there are is asked without the choice of one, so that there is something to choose from.
  const all = useSearch({ text, cluster, limit: OF_EACH });
  const ofKind = useSearch({
    text: kind ? text : '',
    kind: type,
    cluster,
    limit: OF_ONE,
  });
  const shown = kind ? ofKind : all;
  const answer = shown.data;
  const rows = useMemo(() => answer && rowsOf(answer), [answer]);
  const withMatches = rows?.some(({ item }) => item.match.text) ?? false;
  const columns = useFoundColumns(text, { withMatches });
  const sizes = useMemo(
    () =>
      new Map(
        answer?.groups.map(group => [
          groupOf({ group } as FoundRow),
          group.total,
        ]),
      ),
    [answer],
  );
  const clear = useCallback(() => {
    const next = new URLSearchParams(parameters);
    next.delete('kind');
    next.delete('cluster');
    setParameters(next, { replace: true });
  }, [parameters, setParameters]);
  const isFiltered = Boolean(kind || cluster);
  const isNothing = answer?.total === 0 && !shown.isPlaceholderData;
  const hidden = answer?.groups.some(group => group.total > group.items.length);
  const whereItLooked = () => {
    const count = answer?.clusters.length ?? 0;
    if (count === 0) return t('search.noClusters');
    const clusters = t('search.clusters', { count });
    return t('search.nothingText', { clusters });
  };
  return (
    <>
      {shown.error && (
        <ErrorPanel
          error={shown.error}
          what={t('search.what')}
          onRetry={() => shown.refetch()}
        />
      )}
      {answer && <PartlyNotice answer={answer} />}
      {(all.data?.groups.length ?? 0) > 0 && (
        <FoundKinds groups={all.data!.groups} total={all.data!.total} />
      )}
      {isNothing && (
        <EmptyState
          title={t(isFiltered ? 'search.nothing' : 'search.nothingHere', {
            text,
          })}
          description={
            isFiltered ? t('search.nothingFiltered') : whereItLooked()
          }
          action={
            isFiltered && (
              <Button size="small" variant="secondary" onPress={clear}>
                {t('search.clear')}
              </Button>
            )
          }
        />
      )}
      {!isNothing && !(shown.error && !answer) && (
        <div className={shown.isPlaceholderData ? classes.outdated : undefined}>
          <ResourceTable
            id="search"
            label={t('search.results')}
            columns={columns}
            rows={rows}
            total={answer?.total}
            rowKey={rowKey}
            signature={signature}
            groupOf={groupOf}
            groupSize={group => sizes.get(group)}
            onOpen={({ group, item }) =>
              navigate(linkOfFound(links, group, item))
            }
            filters={<SearchClusterChoice />}
          />
          {hidden && answer && (
            <p className={classes.quiet}>
              {kind
                ? t('search.mostOfKind', {
                    shown: String(OF_ONE),
                    total: String(answer.total),
                  })
                : t('search.most', { shown: String(OF_EACH) })}
            </p>
          )}
        </div>
      )}
    </>
  );
}

/** Everything that a search over all clusters found, with its text, kind and cluster in the address. */
export function SearchPage() {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSearchPageStyles();
  const [q] = useUrlState('q');
  const text = q.trim();
  const isStart = text.length < LEAST_TEXT;
  return (
    <PageFrame>
      <h2 className={classes.title}>
        {isStart ? t('search.title') : t('search.titleOf', { text })}
      </h2>
      {isStart ? (
        <EmptyState
          title={t('search.startTitle')}
          description={t('search.startText')}
        />
      ) : (
        <Results text={text} />
      )}
    </PageFrame>
  );
}
