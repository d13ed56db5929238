import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { PageNotices } from './PageNotices';

const useStyles = makeStyles({
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
  return (
    <>
      {props.header}
      <main className={classes.body}>
        <PageNotices />
        {props.children}
      </main>
    </>
  );
}
