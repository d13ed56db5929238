import { useRelativeTime } from '../format/useRelativeTime';
import type { RelativeTimeFormat } from '../format/useRelativeTime';

/** A moment as its distance to now, with the exact time on hover. @public */
export function RelativeTime(props: {
  /** RFC 3339; absent: never. */
  at?: string;
  format?: RelativeTimeFormat;
}) {
  const { at, format } = props;
  const words = useRelativeTime(at ? Date.parse(at) : undefined, format);
  if (!at) return <span>{words}</span>;
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {words}
    </time>
  );
}
