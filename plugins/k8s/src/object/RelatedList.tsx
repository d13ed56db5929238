import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ResourceHealthLabel,
  ResourceTable,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { nodeRef } from './relatedTypes';
import type { RelatedGraph, RelatedNode } from './relatedTypes';

interface Relation {
  id: string;
  from: RelatedNode;
  to: RelatedNode;
  words: string;
}

const rowKey = ({ id }: Relation) => id;

function NodeLink(props: { cluster: string; node: RelatedNode }) {
  const { cluster, node } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const words = `${node.kind} ${node.name}`;
  return node.missing ? (
    <span title={words}>
      {words} ({t('object.missing')})
    </span>
  ) : (
    <Link to={links.object(nodeRef(cluster, node))} title={words}>
      {words}
    </Link>
  );
}

/** The same as the diagram, as a list: who has to do with whom. */
export function RelatedList(props: { cluster: string; graph: RelatedGraph }) {
  const { cluster, graph } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const columns = useMemo<ResourceColumn<Relation>[]>(
    () => [
      {
        id: 'from',
        title: t('object.from'),
        weight: 3,
        cell: ({ from }) => <NodeLink cluster={cluster} node={from} />,
      },
      {
        id: 'relation',
        title: t('object.relationTitle'),
        weight: 1,
        phone: true,
        cell: ({ words }) => words,
      },
      {
        id: 'to',
        title: t('object.to'),
        weight: 3,
        phone: true,
        cell: ({ to }) => <NodeLink cluster={cluster} node={to} />,
      },
      {
        id: 'health',
        title: t('resources.health'),
        weight: 2.4,
        cell: ({ to }) =>
          !to.missing && <ResourceHealthLabel health={to.health} withReason />,
      },
    ],
    [t, cluster],
  );
  const rows = useMemo(() => {
    const nodes = new Map(graph.nodes.map(node => [node.id, node]));
    return graph.edges.flatMap(({ from, to, relation }) => {
      const [source, goal] = [nodes.get(from), nodes.get(to)];
      if (!source || !goal) return [];
      return [
        {
          id: `${from} ${relation} ${to}`,
          from: source,
          to: goal,
          words: t(`object.relation.${relation}`),
        },
      ];
    });
  }, [graph, t]);
  return (
    <ResourceTable
      id="related"
      label={t('object.asList')}
      columns={columns}
      rows={rows}
      rowKey={rowKey}
      plain
    />
  );
}
