import type { ReactNode } from 'react';
import { useSectionStyles } from './useSectionStyles';

/** A part of a page with its heading. */
export function Section(props: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const classes = useSectionStyles();
  return (
    <section className={classes.section} aria-label={props.title}>
      <h2 className={classes.title}>
        {props.title}
        {props.actions}
      </h2>
      {props.children}
    </section>
  );
}
