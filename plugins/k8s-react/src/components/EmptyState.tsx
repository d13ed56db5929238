import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { QUIET_COLOR } from './quietColor';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: 'var(--bui-space-3)',
    padding: 'var(--bui-space-6)',
    border: '1px dashed var(--bui-border-2)',
    borderRadius: 'var(--bui-radius-3)',
    maxWidth: 760,
  },
  title: { margin: 0, fontSize: 'var(--bui-font-size-5)' },
  text: { margin: 0, color: QUIET_COLOR },
});

/** In place of a list that is empty: what it would show, and what fills it. @public */
export function EmptyState(props: {
  title: string;
  description: string;
  /** The one thing to do. */
  action?: ReactNode;
  /** More, e.g. an annotation to copy. */
  children?: ReactNode;
}) {
  const classes = useStyles();
  return (
    <section className={classes.root}>
      <h2 className={classes.title}>{props.title}</h2>
      <p className={classes.text}>{props.description}</p>
      {props.children}
      {props.action}
    </section>
  );
}
