import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import { ResourceHealthLabel } from '@backstage-k8s/plugin-k8s-react';
import { Highlighted } from './Highlighted';
import type { FoundObject, SearchGroup } from './useSearch';
import { useSearchStyles } from './useSearchStyles';

/** An object that was found, in a line; a second one says by which image or label. */
export function FoundLine(props: {
  group: SearchGroup;
  item: FoundObject;
  /** Its name. */
  cluster: string;
  text: string;
}) {
  const { group, item, cluster, text } = props;
  const classes = useSearchStyles();
  const { match, namespace, name } = item;
  const place = [namespace, cluster].filter(Boolean).join(' · ');
  return (
    <>
      <span className={classes.line}>
        <span className={classes.name} title={name}>
          <Highlighted text={name} part={match.by === 'name' ? text : ''} />
        </span>
        <span className={classes.place} title={place}>
          {place}
        </span>
        <span className={classes.health}>
          {/* Nothing can go wrong with some kinds. */}
          {!traitsOf(group)?.isPlain && (
            <ResourceHealthLabel
              health={item.health}
              deleting={item.deleting}
            />
          )}
        </span>
      </span>
      {match.text && (
        <span className={classes.match} title={match.text}>
          <Highlighted text={match.text} part={text} />
        </span>
      )}
    </>
  );
}
