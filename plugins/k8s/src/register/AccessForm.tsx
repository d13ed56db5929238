import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Radio, RadioGroup } from '@backstage/ui';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AccessInput } from './accessInput';
import type { AccessProblems } from './accessProblems';
import { KubeconfigFields } from './KubeconfigFields';
import { ManifestPanel } from './ManifestPanel';
import { TokenFields } from './TokenFields';
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

/** Asks how to reach a cluster: a kubeconfig, an address with a token, or a manifest that makes an account first. */
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
  return (
    <div className={classes.stack}>
      <RadioGroup
        label={t('register.way')}
        value={access.way}
        onChange={way => onEdit({ way: way as AccessInput['way'] })}
      >
        {WAYS.map(([way, words]) => (
          <Radio key={way} value={way}>
            {t(words)}
          </Radio>
        ))}
      </RadioGroup>
      {access.way === 'kubeconfig' && <KubeconfigFields {...fields} />}
      {access.way === 'token' && <TokenFields {...fields} />}
      {access.way === 'manifest' && (
        <ManifestPanel onPrinted={() => onEdit({ way: 'kubeconfig' })} />
      )}
    </div>
  );
}
