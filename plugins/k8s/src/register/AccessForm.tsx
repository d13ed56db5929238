import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  PasswordField,
  Radio,
  RadioGroup,
  Select,
  Switch,
  TextAreaField,
  TextField,
} from '@backstage/ui';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AccessInput } from './accessInput';
import { KubeconfigField } from './KubeconfigField';
import { ManifestGuide } from './ManifestGuide';

const WAYS = ['kubeconfig', 'token', 'manifest'] as const;

/** Asks how to reach a cluster: a kubeconfig, an address with a token, or a manifest that makes an account first. */
export function AccessForm(props: {
  access: AccessInput;
  onChange: (access: AccessInput) => void;
  /** The contexts of the kubeconfig, once they are known. */
  contexts?: readonly string[];
}) {
  const { access, onChange, contexts = [] } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const set = (part: Partial<AccessInput>) => onChange({ ...access, ...part });
  return (
    <div className={classes.form}>
      <RadioGroup
        label={t('register.way')}
        orientation="horizontal"
        value={access.way}
        onChange={way =>
          set({ way: WAYS.find(one => one === way) ?? 'kubeconfig' })
        }
      >
        {WAYS.map(way => (
          <Radio key={way} value={way}>
            {t(`register.ways.${way}`)}
          </Radio>
        ))}
      </RadioGroup>
      {access.way === 'manifest' && <ManifestGuide />}
      {access.way !== 'token' && (
        <KubeconfigField
          value={access.kubeconfig}
          onChange={kubeconfig => set({ kubeconfig, context: '' })}
        />
      )}
      {access.way !== 'token' && contexts.length > 1 && (
        <Select
          label={t('register.context')}
          options={contexts.map(id => ({ id, label: id }))}
          value={access.context || null}
          placeholder={t('register.currentContext')}
          onChange={key => set({ context: String(key) })}
        />
      )}
      {access.way === 'token' && (
        <>
          <TextField
            label={t('register.server')}
            placeholder="https://api.example.com:6443"
            value={access.server}
            onChange={server => set({ server })}
            isRequired
            autoComplete="off"
          />
          <TextAreaField
            label={t('register.ca')}
            description={t('register.caExplain')}
            rows={4}
            value={access.caData}
            onChange={caData => set({ caData })}
            autoComplete="off"
            spellCheck="false"
          />
          <PasswordField
            label={t('register.token')}
            value={access.token}
            onChange={token => set({ token })}
            isRequired
            autoComplete="off"
          />
        </>
      )}
      <Switch
        label={t('register.skipTls')}
        isSelected={access.skipTlsVerify}
        onChange={skipTlsVerify => set({ skipTlsVerify })}
      />
      {access.skipTlsVerify && (
        <p className={classes.quiet}>{t('register.skipTlsExplain')}</p>
      )}
    </div>
  );
}
