import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Skeleton, VisuallyHidden } from '@backstage/ui';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { FoundLine } from './FoundLine';
import { KindIcon } from './KindIcon';
import { PartlyNotice } from './PartlyNotice';
import type { SearchOption } from './searchOptions';
import type { SearchAnswer, SearchGroup } from './useSearch';
import { useSearchStyles } from './useSearchStyles';

interface OptionProps {
  option: SearchOption;
  isActive: boolean;
  onLeave: () => void;
  children: ReactNode;
}

/** A link that is chosen by the keys of the box; the focus stays there. */
function Option({ option, isActive, onLeave, children }: OptionProps) {
  const classes = useSearchStyles();
  const element = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isActive) element.current?.scrollIntoView?.({ block: 'nearest' });
  }, [isActive]);
  return (
    <Link
      ref={element}
      id={option.id}
      role="option"
      aria-selected={isActive}
      tabIndex={-1}
      to={option.to}
      className={classes.option}
      // The box keeps the focus until the click is done.
      onMouseDown={event => event.preventDefault()}
      onClick={onLeave}
    >
      {children}
    </Link>
  );
}

function Waiting() {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSearchStyles();
  return (
    <div className={classes.said}>
      <VisuallyHidden>{t('search.searching')}</VisuallyHidden>
      {[72, 56, 64].map(width => (
        <Skeleton key={width} height={14} width={`${width}%`} />
      ))}
    </div>
  );
}

function GroupHeading({ group }: { group: SearchGroup }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSearchStyles();
  const more = group.total - group.items.length;
  return (
    <div className={classes.heading} aria-hidden>
      <KindIcon type={group} />
      {group.kind}
      <span className={classes.quiet}>
        {group.total}
        {more > 0 && ` · ${t('search.more', { amount: String(more) })}`}
      </span>
    </div>
  );
}

/** What was found, below the box. */
export function SearchPopup(props: {
  id: string;
  text: string;
  answer?: SearchAnswer;
  error: Error | null;
  /** Whether the answer is not the one to what is typed now. */
  isOutdated: boolean;
  options: readonly SearchOption[];
  active: number;
  onLeave: () => void;
  onRetry: () => void;
}) {
  const { id, text, answer, error, isOutdated, options, active } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSearchStyles();
  const nameOf = (cluster: string) =>
    answer?.clusters.find(one => one.id === cluster)?.name ?? cluster;
  const all = options.at(-1);
  const isNothing = answer?.total === 0 && !isOutdated && !error;
  const count = answer?.total ?? 0;
  return (
    <div
      role="presentation"
      className={classes.popup}
      // What is pressed here must not take the focus out of the box.
      onMouseDown={event => event.preventDefault()}
    >
      <VisuallyHidden>
        <span role="status">
          {isOutdated || error ? '' : t('search.found', { count })}
        </span>
      </VisuallyHidden>
      {error && !isOutdated && (
        <div role="alert" className={classes.said}>
          <strong>{t('search.failed')}</strong>
          <span>{error.message}</span>
          <Button size="small" variant="secondary" onPress={props.onRetry}>
            {t('search.retry')}
          </Button>
        </div>
      )}
      {!answer && !error && <Waiting />}
      {isNothing && (
        <div className={classes.said}>
          <strong>{t('search.nothing', { text })}</strong>
          <span className={classes.quiet}>
            {answer.clusters.length === 0
              ? t('search.noClusters')
              : t('search.hint')}
          </span>
        </div>
      )}
      <div
        id={id}
        role="listbox"
        aria-label={t('search.results')}
        aria-busy={isOutdated}
        className={`${classes.list} ${isOutdated ? classes.outdated : ''}`}
      >
        {answer?.groups.map(group => (
          <div
            key={`${group.plural}.${group.group}`}
            role="group"
            aria-label={group.kind}
          >
            <GroupHeading group={group} />
            {options.map(
              (option, index) =>
                option.group === group &&
                option.item && (
                  <Option
                    key={option.id}
                    option={option}
                    isActive={index === active}
                    onLeave={props.onLeave}
                  >
                    <FoundLine
                      group={group}
                      item={option.item}
                      cluster={nameOf(option.item.cluster)}
                      text={text}
                    />
                  </Option>
                ),
            )}
          </div>
        ))}
        {all && (
          <div className={classes.all}>
            <Option
              option={all}
              isActive={active === options.length - 1}
              onLeave={props.onLeave}
            >
              {t('search.showAll', { count })}
            </Option>
          </div>
        )}
      </div>
      {answer && <PartlyNotice answer={answer} />}
      {all && (
        <div aria-hidden className={classes.keys}>
          {t('search.keys')}
        </div>
      )}
    </div>
  );
}
