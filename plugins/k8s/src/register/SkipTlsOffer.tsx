import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Checkbox } from '@backstage/ui';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { useRegisterStyles } from './useRegisterStyles';

/** Offers to accept any certificate; only where the certificate was not trusted. */
export function SkipTlsOffer({ onAccept }: { onAccept: () => void }) {
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const [isKnown, setKnown] = useState(false);
  return (
    <Alert
      status="danger"
      icon
      title={t('register.skipTlsTitle')}
      description={
        <span className={classes.stack}>
          {t('register.skipTlsWarning')}
          <Checkbox isSelected={isKnown} onChange={setKnown}>
            {t('register.skipTls')}
          </Checkbox>
        </span>
      }
      customActions={
        <Button
          size="small"
          variant="secondary"
          destructive
          isDisabled={!isKnown}
          onPress={onAccept}
        >
          {t('register.skipTlsCheck')}
        </Button>
      }
    />
  );
}
