import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Radio, RadioGroup } from '@backstage/ui';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { KUBECONFIG_LENGTH } from './AccessDraft';
import type { AccessDraft, AccessWay } from './AccessDraft';
import type { AccessProblems } from './accessProblems';
import { KubeconfigFields } from './KubeconfigFields';
import { ManifestPanel } from './ManifestPanel';
import { TokenFields } from './TokenFields';
import { useRegisterStyles } from './useRegisterStyles';

/** What the fields of the access work on. */
export interface AccessFieldsProps {
  draft: AccessDraft;
  problems: AccessProblems;
  onEdit: (change: Partial<AccessDraft>) => void;
}

const WAYS = [
  ['kubeconfig', 'register.wayKubeconfig'],
  ['token', 'register.wayToken'],
  ['manifest', 'register.wayManifest'],
] as const;

const MISSING = {
  kubeconfig: 'register.missingKubeconfig',
  server: 'register.missingServer',
  token: 'register.missingToken',
} as const;

/** The fields without which there is nothing to check. */
function missingFields(draft: AccessDraft): (keyof typeof MISSING)[] {
  const needed =
    draft.way === 'token'
      ? (['server', 'token'] as const)
      : (['kubeconfig'] as const);
  return needed.filter(field => !draft[field].trim());
}

/** How the portal reaches the cluster and signs in to it. */
export function AccessStep(props: AccessFieldsProps & { onNext: () => void }) {
  const { draft, problems, onEdit, onNext } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const [wasTried, setTried] = useState(false);
  const missing = missingFields(draft);
  const shown: AccessProblems = { ...problems };
  if (wasTried) missing.forEach(field => (shown[field] = t(MISSING[field])));
  const fields = { draft, problems: shown, onEdit };
  return (
    <form
      className={classes.stack}
      autoComplete="off"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        setTried(true);
        const isTooLong =
          draft.way === 'kubeconfig' &&
          draft.kubeconfig.length > KUBECONFIG_LENGTH;
        if (missing.length === 0 && !isTooLong) onNext();
      }}
    >
      <RadioGroup
        label={t('register.way')}
        value={draft.way}
        onChange={way => {
          setTried(false);
          onEdit({ way: way as AccessWay });
        }}
      >
        {WAYS.map(([way, words]) => (
          <Radio key={way} value={way}>
            {t(words)}
          </Radio>
        ))}
      </RadioGroup>
      {draft.way === 'kubeconfig' && <KubeconfigFields {...fields} />}
      {draft.way === 'token' && <TokenFields {...fields} />}
      {draft.way === 'manifest' && (
        <ManifestPanel onPrinted={() => onEdit({ way: 'kubeconfig' })} />
      )}
      {draft.way !== 'manifest' && (
        <div className={classes.buttons}>
          <Button type="submit" variant="primary">
            {t('register.next')}
          </Button>
        </div>
      )}
    </form>
  );
}
