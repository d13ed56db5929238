import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { memo, useMemo } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ShownLine } from './LogBuffer';
import { lineParts } from './lineParts';
import { unfoldJson } from './unfoldJson';
import { useLogStyles } from './useLogStyles';

/** How lines are shown. */
export interface LineView {
  search: string;
  wraps: boolean;
  showsTimes: boolean;
  unfoldsAll: boolean;
}

/** `2026-11-27T06:52:29.853000000Z` as the reader's own time of day, with milliseconds. */
function timeText(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const time = date.toLocaleTimeString(undefined, { hour12: false });
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** One line of a log: when, which pod, what; a line of JSON can be unfolded. */
export const LogLine = memo(
  (props: {
    line: ShownLine;
    view: LineView;
    /** Absent: there is only one. */
    pod?: { name: string; color: string };
    isUnfolded: boolean;
    onFold: (id: number) => void;
  }) => {
    const { line, view, pod, isUnfolded, onFold } = props;
    const { t } = useTranslationRef(k8sTranslationRef);
    const classes = useLogStyles();
    const json = useMemo(() => unfoldJson(line.text), [line.text]);
    const shown = isUnfolded && json !== undefined ? json : line.text;
    const isWrapped = view.wraps || shown !== line.text;
    return (
      <>
        {view.showsTimes && (
          <span className={classes.time} title={line.at}>
            {line.at === undefined ? '' : timeText(line.at)}
          </span>
        )}
        {pod && (
          <span
            className={classes.pod}
            style={{ color: pod.color }}
            title={`${line.pod} ${line.container}`}
          >
            {pod.name}
          </span>
        )}
        {json !== undefined && (
          <button
            type="button"
            className={classes.fold}
            aria-expanded={isUnfolded}
            aria-label={t(isUnfolded ? 'logs.foldLine' : 'logs.unfoldLine')}
            onClick={() => onFold(line.id)}
          >
            {isUnfolded ? '▾' : '▸'}
          </button>
        )}
        <span className={isWrapped ? classes.textWrapped : classes.text}>
          {lineParts(shown, view.search).map((part, index) =>
            part.isMatch ? (
              <mark key={index} className={classes.match}>
                {part.text}
              </mark>
            ) : (
              part.text
            ),
          )}
          {line.cut && <span title={t('logs.cut')}>…</span>}
        </span>
      </>
    );
  },
);
