import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  RelativeTime,
  ResourceHealthLabel,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { Highlighted } from './Highlighted';
import { linkOfFound } from './searchOptions';
import type { FoundObject, SearchGroup } from './useSearch';
import { useSearchPageStyles } from './useSearchPageStyles';

/** An object that was found, with its kind and the name of its cluster. */
export interface FoundRow {
  group: SearchGroup;
  item: FoundObject;
  cluster: string;
}

/** The columns of the page of results; with what else than names something was found by, where it was. */
export function useFoundColumns(
  text: string,
  { withMatches }: { withMatches: boolean },
): ResourceColumn<FoundRow>[] {
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const classes = useSearchPageStyles();
  return useMemo(() => {
    const all: (ResourceColumn<FoundRow> | false)[] = [
      {
        id: 'name',
        title: t('resources.name'),
        weight: 3,
        cell: ({ group, item }) => (
          <Link to={linkOfFound(links, group, item)} title={item.name}>
            <Highlighted
              text={item.name}
              part={item.match.by === 'name' ? text : ''}
            />
          </Link>
        ),
      },
      {
        id: 'namespace',
        title: t('resources.namespace'),
        weight: 1.7,
        cell: ({ item }) => (
          <span title={item.namespace}>{item.namespace}</span>
        ),
      },
      {
        id: 'cluster',
        title: t('search.cluster'),
        weight: 1.7,
        phone: true,
        cell: ({ item, cluster }) => (
          <Link to={links.cluster(item.cluster)} title={cluster}>
            {cluster}
          </Link>
        ),
      },
      {
        id: 'health',
        title: t('resources.health'),
        weight: 3,
        phone: true,
        cell: ({ group, item }) =>
          // Nothing can go wrong with some kinds.
          !traitsOf(group)?.isPlain && (
            <ResourceHealthLabel
              health={item.health}
              deleting={item.deleting}
              withReason
            />
          ),
      },
      withMatches && {
        id: 'match',
        title: t('search.matched'),
        weight: 3,
        cell: ({ item: { match } }) =>
          match.text && (
            <span className={classes.match} title={match.text}>
              <Highlighted text={match.text} part={text} />
            </span>
          ),
      },
      {
        id: 'owner',
        title: t('resources.owner'),
        weight: 1.6,
        optional: true,
        cell: ({ item: { owner } }) => owner && `${owner.kind} ${owner.name}`,
      },
      {
        id: 'age',
        title: t('resources.age'),
        weight: 1,
        cell: ({ item: { createdAt } }) =>
          createdAt ? <RelativeTime at={createdAt} format="duration" /> : '–',
      },
    ];
    return all.filter(column => column !== false);
  }, [t, links, classes, text, withMatches]);
}
