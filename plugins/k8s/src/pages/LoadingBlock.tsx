import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton, VisuallyHidden } from '@backstage/ui';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { useSectionStyles } from './useSectionStyles';

const LINES = 8;
/** Percent by which each line is shorter than the one before. */
const STEP = 7;

/** In place of what is still being read. */
export function LoadingBlock(props: { lines?: number }) {
  const classes = useSectionStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const lines = Array.from({ length: props.lines ?? LINES }, (_, line) => line);
  return (
    <div className={classes.stack} role="status">
      <VisuallyHidden>{t('common.loading')}</VisuallyHidden>
      {lines.map(line => (
        <Skeleton key={line} height={16} width={`${100 - line * STEP}%`} />
      ))}
    </div>
  );
}
