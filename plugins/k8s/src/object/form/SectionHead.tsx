import ClosedIcon from '@material-ui/icons/ChevronRight';
import OpenIcon from '@material-ui/icons/ExpandMore';
import type { ReactNode } from 'react';
import { firstSentence } from './FieldHelp';
import { useFormStyles } from './useFormStyles';

/** The line that opens and closes a section. */
export function SectionHead(props: {
  id: string;
  title: string;
  description?: string;
  isRequired?: boolean;
  isOpen: boolean;
  onToggle: () => void;
  /** More that can be done with the section. */
  children?: ReactNode;
}) {
  const { id, title, description, isRequired, isOpen } = props;
  const classes = useFormStyles();
  const Icon = isOpen ? OpenIcon : ClosedIcon;
  return (
    <div className={classes.head}>
      <button
        type="button"
        id={id}
        className={classes.toggle}
        aria-expanded={isOpen}
        title={description}
        onClick={props.onToggle}
      >
        <Icon aria-hidden />
        <span className={classes.title}>
          {title}
          {isRequired && (
            <span className={classes.required} aria-hidden>
              {' *'}
            </span>
          )}
        </span>
        {description && (
          <span className={classes.summary}>{firstSentence(description)}</span>
        )}
      </button>
      {props.children}
    </div>
  );
}
