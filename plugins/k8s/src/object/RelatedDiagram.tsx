import {
  DependencyGraph,
  DependencyGraphTypes,
} from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { resourceHealthTone } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { nodeRef } from './relatedTypes';
import type { RelatedGraph, RelatedNode } from './relatedTypes';

/** Pixels. */
const WIDTH = 232;
const HEIGHT = 40;
/** Of a box and the lines behind it; what keeps the words large enough to be read. */
const COLUMN_WIDTH = 300;
const MOST_COLUMNS = 8;
/** Characters that have room in a box. */
const ROOM = 27;

/** As words are next to each box, the colour is not all that says it. */
const COLORS = {
  good: 'var(--bui-fg-positive)',
  warning: 'var(--bui-fg-warning)',
  bad: 'var(--bui-fg-negative)',
  away: 'var(--bui-fg-negative)',
  progress: 'var(--bui-fg-announcement)',
  paused: 'var(--bui-fg-secondary)',
  neutral: 'var(--bui-fg-secondary)',
};

const useStyles = makeStyles({
  root: {
    border: '1px solid var(--bui-border-1)',
    borderRadius: 'var(--bui-radius-2)',
    background: 'var(--bui-bg-neutral-1)',
    maxHeight: '60vh',
    overflow: 'auto',
    '& svg': { display: 'block' },
    // The kit's lines are made for its own theme.
    '& path': { stroke: 'var(--bui-border-2)' },
  },
  box: {
    fill: 'var(--bui-bg-neutral-2)',
    stroke: 'var(--bui-border-2)',
    'a:focus-visible &': { stroke: 'var(--bui-ring)', strokeWidth: 2 },
    'a:hover &': { stroke: 'var(--bui-fg-primary)' },
  },
  own: { strokeWidth: 2, stroke: 'var(--bui-fg-announcement)' },
  missing: { strokeDasharray: '4 3' },
  kind: { fontSize: 11, fill: 'var(--bui-fg-primary)', opacity: 0.75 },
  name: { fontSize: 12, fontWeight: 600, fill: 'var(--bui-fg-primary)' },
  label: { fontSize: 10, fill: 'var(--bui-fg-primary)', opacity: 0.75 },
});

function short(text: string): string {
  // The end tells objects of one owner apart.
  if (text.length <= ROOM) return text;
  const half = Math.floor(ROOM / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}

/** How many boxes are side by side: the longest way along the lines; circles are gone round once. */
function columnsOf({ nodes, edges }: RelatedGraph): number {
  const ranks = new Map(nodes.map(({ id }) => [id, 1]));
  for (let round = 1; round < nodes.length; round++) {
    let isSettled = true;
    for (const { from, to } of edges) {
      const rank = (ranks.get(from) ?? 1) + 1;
      if (rank > (ranks.get(to) ?? 1) && rank <= MOST_COLUMNS) {
        ranks.set(to, rank);
        isSettled = false;
      }
    }
    if (isSettled) break;
  }
  return Math.max(...ranks.values());
}

function NodeBox(props: {
  node: RelatedNode;
  cluster: string;
  isOwn: boolean;
}) {
  const { node, cluster, isOwn } = props;
  const { kind, name, health, missing } = node;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const links = useLinks();
  const state = missing ? t('object.missing') : health.word ?? health.state;
  const names = [classes.box, isOwn && classes.own, missing && classes.missing];
  const box = (
    <>
      <title>
        {[`${kind} ${name}`, state, health.reason].filter(Boolean).join('\n')}
      </title>
      <rect
        className={names.filter(Boolean).join(' ')}
        width={WIDTH}
        height={HEIGHT}
        rx={6}
      />
      <circle
        cx={14}
        cy={HEIGHT / 2}
        r={5}
        fill={missing ? 'none' : COLORS[resourceHealthTone(health)]}
        stroke={missing ? COLORS.bad : 'none'}
      />
      <text className={classes.kind} x={28} y={15}>
        {kind}
        {health.state !== 'healthy' || missing ? ` · ${state}` : ''}
      </text>
      <text className={classes.name} x={28} y={31}>
        {short(name)}
      </text>
    </>
  );
  // What is not there has no page; the page of the object itself is this one.
  return missing || isOwn ? (
    <g>{box}</g>
  ) : (
    <Link to={links.object(nodeRef(cluster, node))}>{box}</Link>
  );
}

/** Objects and what they have to do with each other, as boxes and lines; each box leads to its object. */
export function RelatedDiagram(props: {
  cluster: string;
  graph: RelatedGraph;
}) {
  const { cluster, graph } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const edges = useMemo(
    () =>
      graph.edges.map(({ from, to, relation }) => ({
        from,
        to,
        label: t(`object.relation.${relation}`),
      })),
    [graph.edges, t],
  );
  const minWidth = columnsOf(graph) * COLUMN_WIDTH;
  return (
    // What scrolls can be reached by keyboard: its boxes are links.
    <div className={classes.root}>
      <div style={{ minWidth }}>
        <DependencyGraph
          aria-label={t('object.tabs.related')}
          nodes={graph.nodes}
          edges={edges}
          direction={DependencyGraphTypes.Direction.LEFT_RIGHT}
          nodeMargin={14}
          rankMargin={56}
          paddingX={16}
          paddingY={16}
          zoom="enable-on-click"
          curve="curveMonotoneX"
          showArrowHeads
          renderNode={({ node }) => (
            <NodeBox
              node={node}
              cluster={cluster}
              isOwn={node.id === graph.nodes[0].id}
            />
          )}
          renderLabel={({ edge }) => (
            <text className={classes.label} textAnchor="middle">
              {edge.label}
            </text>
          )}
        />
      </div>
    </div>
  );
}
