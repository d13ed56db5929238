import { FIELD_MANAGER } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import { useMemo } from 'react';
import { stringify } from 'yaml';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { diffLines, foldDiff } from './diffLines';
import type { DiffPiece } from './diffLines';
import { QUIET_COLOR } from '../components/quietColor';

/** Unchanged lines around a change. */
const CONTEXT = 3;
/** What the API server writes, not who makes the change. */
const SERVER_FIELDS = [
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
];

const useStyles = makeStyles({
  root: {
    margin: 0,
    maxHeight: 360,
    overflow: 'auto',
    border: '1px solid var(--bui-border-1)',
    borderRadius: 'var(--bui-radius-2)',
    background: 'var(--bui-bg-neutral-1)',
    fontFamily: 'var(--bui-font-monospace)',
    fontSize: 12,
    lineHeight: '18px',
    '&:focus-visible': { outline: '2px solid var(--bui-ring)' },
  },
  line: {
    display: 'flex',
    minWidth: 'max-content',
    padding: '0 8px',
    whiteSpace: 'pre',
  },
  sign: { width: 16, flex: 'none', userSelect: 'none' },
  same: { color: QUIET_COLOR },
  added: {
    background: 'var(--bui-positive-bg-subdued)',
    color: 'var(--bui-positive-fg-subdued)',
  },
  removed: {
    background: 'var(--bui-negative-bg-subdued)',
    color: 'var(--bui-negative-fg-subdued)',
  },
  folded: { color: QUIET_COLOR, fontStyle: 'italic' },
  owners: {
    margin: 'var(--bui-space-2) 0 0',
    paddingInlineStart: 20,
    fontSize: 12,
  },
});

const SIGNS = { same: ' ', added: '+', removed: '-', folded: ' ' };

function cleaned(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { status: _, metadata, ...rest } = value as Record<string, unknown>;
  if (typeof metadata !== 'object' || metadata === null) return value;
  const kept = Object.entries(metadata).filter(
    ([field]) => !SERVER_FIELDS.includes(field),
  );
  return { ...rest, metadata: Object.fromEntries(kept) };
}

function asYaml(value: unknown): string {
  if (value === null || value === undefined) return '';
  return stringify(cleaned(value), {
    sortMapEntries: true,
    lineWidth: 0,
  }).trimEnd();
}

function Line({ piece }: { piece: DiffPiece }) {
  const classes = useStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  return (
    <div className={`${classes.line} ${classes[piece.kind]}`}>
      <span className={classes.sign} aria-hidden>
        {SIGNS[piece.kind]}
      </span>
      {(piece.kind === 'added' || piece.kind === 'removed') && (
        <VisuallyHidden>{t(`diff.${piece.kind}`)}: </VisuallyHidden>
      )}
      <span>
        {piece.kind === 'folded'
          ? t('diff.folded', { amount: String(piece.count) })
          : piece.text}
      </span>
    </div>
  );
}

/**
 * Two values as one YAML text with what goes and what comes, and who owns the fields that change. Its words are of what would
 * change, unless others are given.
 *
 * @public
 */
export function DiffView(props: {
  before: unknown;
  after: unknown;
  /** From a plan: the owners of fields are said. */
  changes?: readonly { path: string; owner?: string }[];
  /** What the difference is, e.g. of what has changed already. */
  label?: string;
}) {
  const { before, after, changes = [], label } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const pieces = useMemo(
    () => foldDiff(diffLines(asYaml(before), asYaml(after)), CONTEXT),
    [before, after],
  );
  // What others own is worth a word: they may set it back.
  const owned = changes.filter(({ owner }) => owner && owner !== FIELD_MANAGER);
  if (pieces.every(({ kind }) => kind === 'folded' || kind === 'same')) {
    return <p>{t('diff.none')}</p>;
  }
  return (
    <>
      <div
        className={classes.root}
        role="group"
        aria-label={label ?? t('diff.label')}
        // What scrolls has to be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        {pieces.map((piece, index) => (
          // A diff is made anew as a whole, so that places are good keys.
          // eslint-disable-next-line react/no-array-index-key
          <Line key={index} piece={piece} />
        ))}
      </div>
      {owned.length > 0 && (
        <ul className={classes.owners}>
          {owned.map(({ path, owner }) => (
            <li key={path}>
              <code>{path}</code>: {t('diff.owner', { owner: owner ?? '' })}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
