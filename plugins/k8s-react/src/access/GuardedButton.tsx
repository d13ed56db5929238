import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Tooltip, TooltipTrigger } from '@backstage/ui';
import type { ButtonProps } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import type { AccessReview } from '../api/K8sApi';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { useGuard } from './useGuard';

const useStyles = makeStyles({
  refused: { opacity: 0.5, cursor: 'not-allowed' },
});

/**
 * A button for what not everybody may do. Where it may not be done it can still be reached by keyboard, pointer and touch, and
 * says which role is missing; where that is not known, why, and a press asks again.
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
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const [isExplained, setExplained] = useState(false);
  const guard = useGuard(reviews);
  const reason = guard.allowed ? unavailable : guard.reason;
  // Where nothing hovers, a touch is the only way to ask why.
  const explain = () => {
    guard.retry?.();
    setExplained(true);
  };
  // One structure, whatever the decision: another one would take the focus away when the decision arrives.
  return (
    <TooltipTrigger
      delay={150}
      isDisabled={!reason}
      isOpen={Boolean(reason) && isExplained}
      onOpenChange={setExplained}
    >
      <Button
        {...button}
        onPress={reason ? explain : onPress}
        aria-disabled={reason ? 'true' : undefined}
        className={[button.className, reason && classes.refused]
          .filter(Boolean)
          .join(' ')}
      />
      <Tooltip>
        {reason} {guard.retry && t('access.retry')}
      </Tooltip>
    </TooltipTrigger>
  );
}
