import { Button, Tooltip, TooltipTrigger } from '@backstage/ui';
import type { ButtonProps } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessReview } from '../api/K8sApi';
import { useGuard } from './useGuard';

const useStyles = makeStyles({
  refused: { opacity: 0.5, cursor: 'not-allowed' },
});

/**
 * A button for what not everybody may do. Where it may not be done it can still be reached by keyboard and pointer, and says
 * which role is missing.
 *
 * @public
 */
export function GuardedButton(
  props: Omit<ButtonProps, 'isDisabled'> & {
    reviews: readonly AccessReview[];
    /** Why it cannot be done now, whatever one's rights. */
    unavailable?: string;
  },
) {
  const { reviews, unavailable, onPress, ...button } = props;
  const classes = useStyles();
  const guard = useGuard(reviews);
  const reason = guard.allowed ? unavailable : guard.reason;
  // One structure, whatever the decision: another one would take the focus away when the decision arrives.
  return (
    <TooltipTrigger delay={150} isDisabled={!reason}>
      <Button
        {...button}
        onPress={reason ? undefined : onPress}
        aria-disabled={reason ? 'true' : undefined}
        className={[button.className, reason && classes.refused]
          .filter(Boolean)
          .join(' ')}
      />
      <Tooltip>{reason}</Tooltip>
    </TooltipTrigger>
  );
}
