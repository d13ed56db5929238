import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PasswordField, TextAreaField, TextField } from '@backstage/ui';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AccessFieldsProps } from './AccessForm';
import { useRegisterStyles } from './useRegisterStyles';

const CA_ROWS = 5;

/** Address, CA and token of a cluster. */
export function TokenFields(props: AccessFieldsProps) {
  const { access, problems, onEdit } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const common = {
    autoComplete: 'off',
    spellCheck: 'false',
    validationBehavior: 'aria',
  } as const;
  return (
    <>
      <TextField
        {...common}
        type="url"
        label={t('register.server')}
        description={t('register.serverHelp')}
        isRequired
        value={access.server}
        onChange={server => onEdit({ server })}
        validate={() => problems.server}
      />
      <TextAreaField
        {...common}
        className={classes.monospace}
        label={t('register.ca')}
        description={t('register.caHelp')}
        rows={CA_ROWS}
        value={access.caData}
        onChange={caData => onEdit({ caData })}
        validate={() => problems.caData}
      />
      <TextField
        {...common}
        label={t('register.tlsServerName')}
        description={t('register.tlsServerNameHelp')}
        value={access.tlsServerName}
        onChange={tlsServerName => onEdit({ tlsServerName })}
        validate={() => problems.tlsServerName}
      />
      <PasswordField
        {...common}
        // What a browser would offer to remember is not a new password of its user.
        autoComplete="new-password"
        label={t('register.token')}
        description={t('register.tokenHelp')}
        isRequired
        value={access.token}
        onChange={token => onEdit({ token })}
        validate={() => problems.token}
      />
    </>
  );
}
