import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { isUnsure } from '@backstage-k8s/plugin-k8s-react';
import { Alert, Button, Switch, TextField } from '@backstage/ui';
import { useState } from 'react';
import { LabelEditor } from '../pages/LabelEditor';
import { OwnerPicker } from '../pages/OwnerPicker';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import {
  SUGGESTED_LABELS,
  fieldOfRefusal,
  isAcceptable,
  nameProblem,
} from './clusterDetails';
import type { ClusterDetails } from './clusterDetails';
import { useRegisterStyles } from './useRegisterStyles';

function Refusal({ error }: { error: Error }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={t('register.notRegistered')}
      description={
        <>
          {error.message} {isUnsure(error) && t('register.notRegisteredUnsure')}
        </>
      }
    />
  );
}

/** Name, labels, owner and protection of the cluster; the last thing before it is registered. */
export function DetailsStep(props: {
  details: ClusterDetails;
  run: { error: Error | null; isPending: boolean };
  onEdit: (change: Partial<ClusterDetails>) => void;
  onBack: () => void;
  onRegister: () => void;
}) {
  const { details, run, onEdit, onBack, onRegister } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const [wasTried, setTried] = useState(false);
  const { error, isPending } = run;
  const refused = error && fieldOfRefusal(error.message);
  const problemOf = (field: typeof refused) =>
    refused === field ? error?.message : undefined;
  const wrongName =
    wasTried || details.name ? nameProblem(details.name) : undefined;
  const nameWords = wrongName ? t(wrongName) : problemOf('name');
  return (
    <form
      className={classes.stack}
      autoComplete="off"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        setTried(true);
        if (isAcceptable(details) && !isPending) onRegister();
      }}
    >
      <TextField
        label={t('register.name')}
        description={t('register.nameHelp')}
        isRequired
        value={details.name}
        onChange={name => onEdit({ name })}
        autoComplete="off"
        spellCheck="false"
        validationBehavior="aria"
        validate={() => nameWords}
      />
      <div>
        <LabelEditor
          labels={details.labels}
          suggested={SUGGESTED_LABELS}
          onChange={labels => onEdit({ labels })}
        />
        <p className={classes.quiet}>
          {problemOf('labels') ?? t('register.labelsHelp')}
        </p>
      </div>
      <div>
        <OwnerPicker
          owner={details.owner}
          onChange={owner => onEdit({ owner })}
        />
        <p className={classes.quiet}>{problemOf('owner')}</p>
      </div>
      <div>
        <Switch
          label={t('register.protection')}
          isSelected={details.protected}
          onChange={isProtected => onEdit({ protected: isProtected })}
        />
        <p className={classes.quiet}>{t('register.protectionHelp')}</p>
      </div>
      {error && <Refusal error={error} />}
      {isPending && (
        <Alert
          role="status"
          status="info"
          isPending
          title={t('register.registering')}
        />
      )}
      <div className={classes.buttons}>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('register.register')}
        </Button>
        <Button variant="secondary" isDisabled={isPending} onPress={onBack}>
          {t('register.back')}
        </Button>
      </div>
    </form>
  );
}
