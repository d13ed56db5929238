import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Radio, RadioGroup, Skeleton } from '@backstage/ui';
import { ErrorPanel } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AccessInput } from './accessInput';
import type { AccessProblems } from './accessProblems';
import { KubeconfigFields } from './KubeconfigFields';
import { ManifestPanel } from './ManifestPanel';
import { StrategyFields } from './StrategyFields';
import { TokenFields } from './TokenFields';
import { useAuthenticationStrategies } from './useAuthenticationStrategies';
import { useLocalizedText } from './useLocalizedText';
import { useRegisterStyles } from './useRegisterStyles';

/** What the fields of an access work on. */
export interface AccessFieldsProps {
  access: AccessInput;
  problems: AccessProblems;
  onEdit: (change: Partial<AccessInput>) => void;
}

const WAYS = [
  ['kubeconfig', 'register.wayKubeconfig'],
  ['token', 'register.wayToken'],
  ['manifest', 'register.wayManifest'],
] as const;
/** Before the id of a way to sign in. */
const STRATEGY = 'strategy ';

/**
 * Asks how to reach a cluster: a kubeconfig, an address with a token or with what another way to sign in needs, or a manifest that
 * makes an account first.
 */
export function AccessForm(props: {
  access: AccessInput;
  onChange: (access: AccessInput) => void;
  problems?: AccessProblems;
}) {
  const { access, onChange, problems = {} } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const onEdit = (change: Partial<AccessInput>) =>
    onChange({ ...access, skipTlsVerify: false, ...change });
  const fields = { access, problems, onEdit };
  const added = useAuthenticationStrategies();
  const strategies = added.data ?? [];
  const textOf = useLocalizedText();
  const chosen =
    access.way === 'strategy'
      ? `${STRATEGY}${access.strategy?.id}`
      : access.way;
  const choose = (way: string) => {
    const strategy = strategies.find(({ id }) => way === `${STRATEGY}${id}`);
    // What was typed for one way to sign in is not sent to another.
    const change = strategy
      ? { way: 'strategy' as const, strategy, fields: {} }
      : { way: way as AccessInput['way'] };
    onEdit(change);
  };
  return (
    <div className={classes.stack}>
      <RadioGroup label={t('register.way')} value={chosen} onChange={choose}>
        {WAYS.map(([way, words]) => (
          <Radio key={way} value={way}>
            {t(words)}
          </Radio>
        ))}
        {strategies.map(({ id, title }) => (
          <Radio key={id} value={`${STRATEGY}${id}`}>
            {t('register.wayStrategy', { name: textOf(title) })}
          </Radio>
        ))}
      </RadioGroup>
      {added.isPending && <Skeleton width={240} height={20} />}
      {added.error && (
        <ErrorPanel
          error={added.error}
          what={t('register.moreWays')}
          onRetry={() => added.refetch()}
        />
      )}
      {access.way === 'strategy' && access.strategy?.description && (
        <p className={classes.quiet}>{textOf(access.strategy.description)}</p>
      )}
      {access.way === 'kubeconfig' && <KubeconfigFields {...fields} />}
      {access.way === 'token' && <TokenFields {...fields} />}
      {access.way === 'strategy' && <StrategyFields {...fields} />}
      {access.way === 'manifest' && (
        <ManifestPanel onPrinted={() => onEdit({ way: 'kubeconfig' })} />
      )}
    </div>
  );
}
