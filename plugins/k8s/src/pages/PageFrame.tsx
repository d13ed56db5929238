import { makeStyles } from '@material-ui/core/styles';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'react-router-dom';
import { PageNotices } from './PageNotices';

/** What the kit calls what its header has the tabs in. */
const TABS = 'bui-HeaderTabsWrapper';

const useStyles = makeStyles({
  header: {
    minWidth: 0,
    // On a phone the tabs are pushed from side to side, not the page.
    [`& .${TABS}`]: {
      // Of the line below the one that is open.
      paddingBottom: 1,
      overflowX: 'auto',
      overflowY: 'hidden',
      scrollbarWidth: 'none',
    },
    '& .bui-HeaderNavItem': { flex: 'none', whiteSpace: 'nowrap' },
  },
  body: {
    display: 'flex',
    flexDirection: 'column',
    gap: 'var(--bui-space-4)',
    padding: 'var(--bui-space-3) var(--bui-space-5) var(--bui-space-6)',
    color: 'var(--bui-fg-primary)',
    fontSize: 'var(--bui-font-size-3)',
    minWidth: 0,
    '@media (max-width: 700px)': { padding: 'var(--bui-space-3)' },
  },
});

/** Around each page of ours: what is said once at the top, and the list of keys. */
export function PageFrame(props: { header?: ReactNode; children: ReactNode }) {
  const classes = useStyles();
  const { pathname } = useLocation();
  const header = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Where not all tabs have room, the one that is open is in sight.
    const tab = header.current?.querySelector<HTMLElement>(
      `.${TABS} [aria-current="page"]`,
    );
    const tabs = tab?.closest(`.${TABS}`);
    if (!tab || !tabs) return;
    tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
  }, [pathname]);
  return (
    <>
      <div ref={header} className={classes.header}>
        {props.header}
      </div>
      <main className={classes.body}>
        <PageNotices />
        {props.children}
      </main>
    </>
  );
}
