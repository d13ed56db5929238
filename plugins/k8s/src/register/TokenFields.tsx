import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PasswordField } from '@backstage/ui';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AccessFieldsProps } from './AccessForm';
import { EndpointFields, FIELD_PROPS } from './EndpointFields';

/** Address, CA and token of a cluster. */
export function TokenFields(props: AccessFieldsProps) {
  const { access, problems, onEdit } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  return (
    <>
      <EndpointFields {...props} />
      <PasswordField
        {...FIELD_PROPS}
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
