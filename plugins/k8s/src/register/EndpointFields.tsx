import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { TextAreaField, TextField } from '@backstage/ui';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AccessFieldsProps } from './AccessForm';
import { useRegisterStyles } from './useRegisterStyles';

const CA_ROWS = 5;

/** Of all fields for an access: nothing of it is kept by the browser. */
export const FIELD_PROPS = {
  autoComplete: 'off',
  spellCheck: 'false',
  validationBehavior: 'aria',
} as const;

/** Address of an API server, and how it proves that it is the right one. */
export function EndpointFields(props: AccessFieldsProps) {
  const { access, problems, onEdit } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  return (
    <>
      <TextField
        {...FIELD_PROPS}
        type="url"
        label={t('register.server')}
        description={t('register.serverHelp')}
        isRequired
        value={access.server}
        onChange={server => onEdit({ server })}
        validate={() => problems.server}
      />
      <TextAreaField
        {...FIELD_PROPS}
        className={classes.monospace}
        label={t('register.ca')}
        description={t('register.caHelp')}
        rows={CA_ROWS}
        value={access.caData}
        onChange={caData => onEdit({ caData })}
        validate={() => problems.caData}
      />
      <TextField
        {...FIELD_PROPS}
        label={t('register.tlsServerName')}
        description={t('register.tlsServerNameHelp')}
        value={access.tlsServerName}
        onChange={tlsServerName => onEdit({ tlsServerName })}
        validate={() => problems.tlsServerName}
      />
    </>
  );
}
