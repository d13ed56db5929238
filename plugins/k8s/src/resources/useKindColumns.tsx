import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  Kind,
  ResourceColumn as KindColumn,
  ResourceRow,
} from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RelativeTime } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { mainVersion, shortImage } from '../deployments/deploymentFacts';
import { LabelList } from '../pages/LabelList';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { CellText } from './CellText';
import { RowMenu } from './RowMenu';
import type { MenuRow, RowAction } from './RowMenu';
import type { RowHealth } from './useRowHealth';

const WEIGHTS: Record<KindColumn['type'], number> = {
  text: 1.4,
  number: 0.8,
  boolean: 0.8,
  date: 1.1,
  quantity: 1.1,
  list: 2,
};
/** Characters of a heading that have room in a column of weight 1. */
const HEADING_LENGTH = 6;

/** Room for what is in the column, and for its heading. */
function weightOf({ type, title }: KindColumn): number {
  return Math.max(WEIGHTS[type], title.length / HEADING_LENGTH);
}

/** What the health says anyway, in a word. */
const STATUS = 'status';

/** The column that says which version runs. */
const IMAGES = 'images';
/** Kinds that are looked at to see which version runs. */
const VERSIONED = ['deployments', 'statefulsets', 'daemonsets', 'cronjobs'];

const textsOf = (cell: unknown) =>
  Array.isArray(cell) ? cell.map(String) : [];

/** The version by the images of a row. */
function versionColumn(
  title: string,
  options: { index: number; optional: boolean },
): ResourceColumn<ResourceRow> {
  return {
    id: 'version',
    title,
    weight: 1.2,
    optional: options.optional,
    cell: ({ cells }) => {
      const images = textsOf(cells[options.index]);
      return (
        <span title={images.join('\n')}>
          {images.length > 0 && mainVersion(images.map(image => ({ image })))}
        </span>
      );
    },
  };
}

/** The columns of a kind's table: those that every kind has around its own. */
export function useKindColumns(options: {
  kind: Kind;
  /** Of the list that is shown; they may be newer than the kind. */
  columns: readonly KindColumn[];
  /** How an object is. */
  health: RowHealth['column'];
  onAction: (action: RowAction, row: MenuRow) => void;
}): ResourceColumn<ResourceRow>[] {
  const { kind, columns, health, onAction } = options;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  return useMemo(() => {
    const { group, plural } = kind;
    const isPlain = traitsOf(kind)?.isPlain;
    const images = columns.findIndex(({ id }) => id === IMAGES);
    const all: (ResourceColumn<ResourceRow> | false | undefined)[] = [
      {
        id: 'name',
        title: t('resources.name'),
        weight: 3,
        sortable: true,
        cell: row => (
          <Link to={links.object({ ...row, group, plural })} title={row.name}>
            {row.name}
          </Link>
        ),
      },
      kind.namespaced && {
        id: 'namespace',
        title: t('resources.namespace'),
        weight: 1.7,
        sortable: true,
        cell: ({ namespace }) => <span title={namespace}>{namespace}</span>,
      },
      {
        id: 'health',
        title: t('resources.health'),
        ...health,
        sortable: true,
        phone: true,
        // Nothing can go wrong with some kinds.
        optional: isPlain,
      },
      ...columns.map((column, index): ResourceColumn<ResourceRow> => {
        const { id, title, type, wide } = column;
        return {
          id,
          title,
          weight: weightOf(column),
          align: type === 'number' || type === 'quantity' ? 'end' : undefined,
          sortable: true,
          optional: wide || (id === STATUS && !isPlain),
          cell: ({ cells }) => (
            <CellText
              type={type}
              value={
                id === IMAGES
                  ? textsOf(cells[index]).map(shortImage)
                  : cells[index]
              }
            />
          ),
        };
      }),
      images >= 0 &&
        versionColumn(t('deployments.version'), {
          index: images,
          optional: !VERSIONED.includes(plural),
        }),
      {
        id: 'owner',
        title: t('resources.owner'),
        weight: 1.6,
        optional: true,
        cell: ({ owner }) => owner && `${owner.kind} ${owner.name}`,
      },
      {
        id: 'labels',
        title: t('resources.labels'),
        weight: 2.4,
        optional: true,
        cell: ({ labels }) => labels && <LabelList labels={labels} />,
      },
      {
        id: 'age',
        title: t('resources.age'),
        weight: 1.1,
        sortable: true,
        cell: ({ createdAt }) =>
          createdAt ? <RelativeTime at={createdAt} format="duration" /> : '–',
      },
      {
        id: 'actions',
        title: t('common.actions'),
        hiddenTitle: true,
        weight: 0.7,
        align: 'end',
        phone: true,
        cell: row => <RowMenu kind={kind} row={row} onAction={onAction} />,
      },
    ];
    return all.filter(column => column !== false && column !== undefined);
  }, [t, links, kind, columns, health, onAction]);
}
