import { useTranslationRef } from '@backstage/frontend-plugin-api';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import SearchIcon from '@material-ui/icons/Search';
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { optionsOf } from './searchOptions';
import { SearchPopup } from './SearchPopup';
import { useSearchStyles } from './useSearchStyles';
import { LEAST_TEXT, MOST_TEXT, useSearch } from './useSearch';
import { useSettled } from './useSettled';
import { useSlash } from './useSlash';

/** Milliseconds after the last key in which nobody is asked yet. */
const TYPING_MS = 180;
/** Objects of each kind below the box. */
const SHOWN_OF_KIND = 4;
const NARROW = '(max-width: 900px)';

/** The one search box of the Kubernetes pages: objects of all clusters as one types. */
export function SearchBox() {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSearchStyles();
  const links = useLinks();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const isNarrow = useMediaQuery(NARROW);
  const listId = useId();
  const root = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const isOnPage = pathname === links.search();
  const ofPage = isOnPage ? new URLSearchParams(search).get('q') ?? '' : '';
  const [typed, setTyped] = useState(ofPage);
  const [isOpen, setOpen] = useState(false);
  // By its id: places change when an answer comes anew.
  const [activeId, setActiveId] = useState<string>();
  const settled = useSettled(typed, TYPING_MS);
  const [focus] = useState(() => () => {
    input.current?.focus();
    input.current?.select();
  });
  useSlash(focus);
  useEffect(() => {
    // Whoever comes to that page without a text is about to type one.
    if (isOnPage && !ofPage) focus();
    // Only on the way there.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isOnPage]);

  // Which text of the page's address came from here.
  const sent = useRef<string>();

  useEffect(() => {
    // A page may lead on to another one while somebody is typing already.
    if (document.activeElement === input.current) return;
    setTyped(ofPage);
    setOpen(false);
    // Its text is looked at below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [pathname]);

  useEffect(() => {
    if (!isOnPage || ofPage === sent.current) return;
    sent.current = ofPage;
    setTyped(ofPage);
  }, [isOnPage, ofPage]);

  /** On the page of results these are what the box shows. */
  const follow = (wanted: string) => {
    if (wanted === ofPage) return;
    // Kind and cluster stay as they were chosen.
    const next = new URLSearchParams(search);
    next.set('q', wanted);
    sent.current = wanted;
    navigate(`${pathname}?${next}`, { replace: true });
  };
  useEffect(() => {
    if (isOnPage && settled === typed) follow(settled);
    // Only what is typed leads there; what comes from the address is there already.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [settled]);

  const text = settled.trim();
  const isShown = isOpen && !isOnPage && typed.trim().length >= LEAST_TEXT;
  const answer = useSearch({
    text: isShown ? text : '',
    limit: SHOWN_OF_KIND,
  });
  const options = optionsOf(isShown ? answer.data : undefined, { links, text });
  const active = options.findIndex(({ id }) => id === activeId);
  const activeOption = options[active];

  const leave = () => {
    setOpen(false);
    setActiveId(undefined);
  };
  const leaveFor = () => {
    leave();
    input.current?.blur();
  };
  const open = (to: string) => {
    leaveFor();
    navigate(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The keys are those of an input method: Enter takes its word.
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && isShown && options.length > 0) {
      event.preventDefault();
      // Before the first is none: the text itself.
      const places = options.length + 1;
      setActiveId(options[((active + 1 + step + places) % places) - 1]?.id);
    } else if (event.key === 'Enter' && typed.trim().length >= LEAST_TEXT) {
      event.preventDefault();
      if (isOnPage) follow(typed);
      else open(activeOption?.to ?? links.search(typed.trim()));
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (isShown) leave();
      else input.current?.blur();
    }
  };

  return (
    <div
      ref={root}
      className={classes.root}
      role="search"
      onBlur={event => {
        if (!root.current?.contains(event.relatedTarget)) leave();
      }}
    >
      <SearchIcon aria-hidden className={classes.glass} />
      <input
        ref={input}
        type="search"
        className={classes.input}
        role="combobox"
        aria-label={t('search.label')}
        aria-expanded={isShown}
        aria-controls={isShown ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={isShown ? activeOption?.id : undefined}
        placeholder={t(
          isNarrow ? 'search.placeholderShort' : 'search.placeholder',
        )}
        maxLength={MOST_TEXT}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={event => {
          setTyped(event.target.value);
          setActiveId(undefined);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={onKeyDown}
      />
      <kbd aria-hidden className={classes.key}>
        /
      </kbd>
      {isShown && (
        <SearchPopup
          id={listId}
          text={text}
          answer={answer.data}
          error={answer.error}
          isOutdated={
            answer.isPlaceholderData ||
            answer.isPending ||
            settled.trim() !== typed.trim()
          }
          options={options}
          active={active}
          onLeave={leaveFor}
          onRetry={() => answer.refetch()}
        />
      )}
    </div>
  );
}
