import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { formatBytes, StatusLabel } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { KEPT, rankOf } from './CacheRow';
import type { CachedClusterRow, CachedKindRow } from './CacheRow';
import { CacheStateLabel } from './CacheStateLabel';

const SECOND_MS = 1_000;

/** A column with a number that can be sorted by. */
function counted<R>(
  column: Pick<ResourceColumn<R>, 'id' | 'title' | 'weight' | 'optional'>,
  value: (row: R) => number | undefined,
  options: {
    format?: (value: number) => string;
    advice?: string;
  } = {},
): ResourceColumn<R> {
  const { format = one => one.toLocaleString(), advice } = options;
  return {
    ...column,
    align: 'end',
    sortValue: value,
    cell: row => {
      const one = value(row);
      if (one === undefined) return '–';
      const exact = one.toLocaleString();
      return (
        <span title={advice ? `${exact} · ${advice}` : exact}>
          {format(one)}
        </span>
      );
    },
  };
}

/** How far behind, in seconds below a minute with one digit. */
function formatLag(lagMs: number): string {
  const seconds = lagMs / SECOND_MS;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

/** The columns of the kinds that are cached. */
export function useKindColumnsOfCache(): ResourceColumn<CachedKindRow>[] {
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  return useMemo(
    () => [
      {
        id: 'cluster',
        title: t('cache.cluster'),
        weight: 1.4,
        sortValue: ({ clusterName }) => clusterName,
        cell: ({ cluster, clusterName }) => (
          <Link to={links.cluster(cluster)} title={clusterName}>
            {clusterName}
          </Link>
        ),
      },
      {
        id: 'kind',
        title: t('cache.kind'),
        weight: 2.3,
        phone: true,
        sortValue: ({ kindName }) => kindName,
        cell: ({ kindName, version }) => (
          <span title={`${kindName} ${version}`}>{kindName}</span>
        ),
      },
      {
        id: 'state',
        title: t('cache.state'),
        weight: 1.5,
        phone: true,
        sortValue: ({ state }) => rankOf(state),
        cell: ({ state, message }) => (
          <CacheStateLabel state={state} message={message} />
        ),
      },
      counted({ id: 'objects', title: t('cache.objects') }, row => row.objects),
      counted(
        { id: 'memory', title: t('cache.memory'), weight: 1.3 },
        row => row.memoryBytes,
        { format: formatBytes, advice: t('cache.memoryAdvice') },
      ),
      {
        id: 'keeps',
        title: t('cache.keeps'),
        sortValue: ({ keeps }) => KEPT.indexOf(keeps),
        cell: ({ keeps }) => (
          <StatusLabel
            tone={keeps === 'objects' ? 'good' : 'away'}
            title={t(`cache.keptAdvice.${keeps}`)}
          >
            {t(`cache.kept.${keeps}`)}
          </StatusLabel>
        ),
      },
      counted({ id: 'lag', title: t('cache.lag') }, row => row.lagMs, {
        format: formatLag,
      }),
      counted({ id: 'lists', title: t('cache.lists') }, row => row.relists, {
        advice: t('cache.listsAdvice'),
      }),
      counted({ id: 'errors', title: t('cache.errors') }, row => row.errors),
      counted(
        { id: 'garbage', title: t('cache.garbage'), weight: 1.2 },
        row => row.garbage,
        { advice: t('cache.garbageAdvice') },
      ),
      counted(
        { id: 'readers', title: t('cache.readers'), weight: 1.1 },
        row => row.subscribers,
      ),
      counted(
        { id: 'changes', title: t('cache.changes'), weight: 1.2 },
        row => row.changes,
      ),
      counted(
        { id: 'resets', title: t('cache.resets'), optional: true },
        row => row.resets,
        { advice: t('cache.resetsAdvice') },
      ),
    ],
    [t, links],
  );
}

/** The columns of the clusters. */
export function useClusterColumnsOfCache(): ResourceColumn<CachedClusterRow>[] {
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  return useMemo(
    () => [
      {
        id: 'cluster',
        title: t('cache.cluster'),
        weight: 2,
        sortValue: ({ name }) => name,
        cell: ({ id, name }) => <Link to={links.cluster(id)}>{name}</Link>,
      },
      {
        id: 'state',
        title: t('cache.state'),
        weight: 1.5,
        phone: true,
        sortValue: ({ state }) => rankOf(state),
        cell: ({ state }) => <CacheStateLabel state={state} />,
      },
      counted(
        { id: 'calls', title: t('cache.calls'), weight: 1.7 },
        row => row.callsPerMinute,
      ),
      counted({ id: 'allCalls', title: t('cache.allCalls') }, row => row.calls),
      counted({ id: 'kinds', title: t('cache.kinds') }, row => row.kinds),
      counted({ id: 'objects', title: t('cache.objects') }, row => row.objects),
      counted(
        { id: 'memory', title: t('cache.memory'), weight: 1.1 },
        row => row.memoryBytes,
        { format: formatBytes, advice: t('cache.memoryAdvice') },
      ),
      counted({ id: 'errors', title: t('cache.errors') }, row => row.errors),
    ],
    [t, links],
  );
}
