import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { useTheme } from '@material-ui/core/styles';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ShownLine } from './LogBuffer';
import { LogLine } from './LogLine';
import type { LineView } from './LogLine';
import { podColor, shortNames } from './podColor';
import { LINE_HEIGHT, useLogStyles } from './useLogStyles';

/** Lines above and below what is in sight. */
const OVERSCAN = 30;
/** Pixels from the end that still count as being there. */
const AT_END = 2 * LINE_HEIGHT;

/** Only the lines in sight are in the page; at the end, it stays at the end as lines come. */
export function LogLines(props: {
  label: string;
  lines: readonly ShownLine[];
  pods: readonly string[];
  view: LineView;
}) {
  const { label, lines, pods, view } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useLogStyles();
  const isDark = useTheme().palette.type === 'dark';
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const [turned, setTurned] = useState<ReadonlySet<number>>(new Set());
  const onFold = useCallback(
    (id: number) =>
      setTurned(before => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return after;
      }),
    [],
  );
  const looks = useMemo(() => {
    const names = shortNames(pods);
    return new Map(
      pods.map((pod, index) => [
        pod,
        { name: names.get(pod) ?? pod, color: podColor(index, isDark) },
      ]),
    );
  }, [pods, isDark]);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    getItemKey: index => lines[index].id,
    overscan: OVERSCAN,
  });
  const toEnd = useCallback(() => {
    if (lines.length > 0) {
      virtualizer.scrollToIndex(lines.length - 1, { align: 'end' });
    }
  }, [virtualizer, lines.length]);
  useEffect(() => {
    if (isAtEnd) toEnd();
  }, [isAtEnd, toEnd]);
  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.scroller}
        role="log"
        aria-label={label}
        // What comes is too much to be read out.
        aria-live="off"
        // A log that cannot be scrolled by keyboard cannot be read by it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={({ currentTarget: box }) =>
          setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < AT_END)
        }
      >
        <div
          className={view.wraps ? classes.spaceWrapped : classes.space}
          style={{ height: virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map(({ key, index, start }) => {
            const line = lines[index];
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className={classes.line}
                style={{
                  transform: `translateY(${start}px)`,
                  ...(view.wraps && { width: '100%' }),
                }}
              >
                <LogLine
                  line={line}
                  view={view}
                  pod={pods.length > 1 ? looks.get(line.pod) : undefined}
                  isUnfolded={view.unfoldsAll !== turned.has(line.id)}
                  onFold={onFold}
                />
              </div>
            );
          })}
        </div>
      </div>
      {!isAtEnd && (
        <div className={classes.newest}>
          <Button
            size="small"
            variant="primary"
            onPress={() => {
              setAtEnd(true);
              toEnd();
            }}
          >
            {t('logs.newest')}
          </Button>
        </div>
      )}
    </div>
  );
}
