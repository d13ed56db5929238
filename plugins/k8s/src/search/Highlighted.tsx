import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles({
  mark: {
    background: 'none',
    color: 'inherit',
    fontWeight: 700,
    textDecoration: 'underline',
    textDecorationColor: 'var(--bui-fg-announcement)',
    textDecorationThickness: 2,
    textUnderlineOffset: 3,
  },
});

/** A text with what was looked for in it marked. */
export function Highlighted({ text, part }: { text: string; part: string }) {
  const classes = useStyles();
  const wanted = part.trim().toLowerCase();
  const at = wanted ? text.toLowerCase().indexOf(wanted) : -1;
  if (at < 0) return <>{text}</>;
  const end = at + wanted.length;
  return (
    <>
      {text.slice(0, at)}
      <mark className={classes.mark}>{text.slice(at, end)}</mark>
      {text.slice(end)}
    </>
  );
}
