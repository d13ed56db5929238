import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { isUnsure } from '@backstage-k8s/plugin-k8s-react';
import { Alert, Button, Switch, TextField } from '@backstage/ui';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { isComplete, nameProblem } from './DetailsDraft';
import type { DetailsDraft } from './DetailsDraft';
import { LabelsEditor } from './LabelsEditor';
import { OwnerField } from './OwnerField';
import { fieldOfRefusal } from './registrationProblem';
import { useRegisterStyles } from './useRegisterStyles';
import type { SubmissionState } from './useSubmission';

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
          {error.message}{' '}
          {isUnsure(error) && t('register.notRegisteredUnsure')}
        </>
      }
    />
  );
}

/** Name, labels, owner and protection of the cluster; the last thing before it is registered. */
export function DetailsStep(props: {
  details: DetailsDraft;
  state: SubmissionState<Schema<'Cluster'>>;
  onEdit: (change: Partial<DetailsDraft>) => void;
  onBack: () => void;
  onRegister: () => void;
}) {
  const { details, state, onEdit, onBack, onRegister } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const [wasTried, setTried] = useState(false);
  const error = state.status === 'failed' ? state.error : undefined;
  const refused = error && fieldOfRefusal(error.message);
  const problemOf = (field: typeof refused) =>
    refused === field ? error?.message : undefined;
  const wrongName =
    wasTried || details.name ? nameProblem(details.name) : undefined;
  const nameWords = wrongName ? t(wrongName) : problemOf('name');
  const isRunning = state.status === 'running';
  return (
    <form
      className={classes.stack}
      autoComplete="off"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        setTried(true);
        if (isComplete(details) && !isRunning) onRegister();
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
        isInvalid={Boolean(nameWords)}
        validate={() => nameWords}
      />
      <LabelsEditor
        labels={details.labels}
        problem={problemOf('labels')}
        onChange={labels => onEdit({ labels })}
      />
      <OwnerField
        value={details.owner}
        problem={problemOf('owner')}
        onChange={owner => onEdit({ owner })}
      />
      <div>
        <Switch
          label={t('register.protection')}
          isSelected={details.protected}
          onChange={isProtected => onEdit({ protected: isProtected })}
        />
        <p className={classes.quiet}>{t('register.protectionHelp')}</p>
      </div>
      {error && <Refusal error={error} />}
      {isRunning && (
        <Alert
          role="status"
          status="info"
          isPending
          title={t('register.registering')}
        />
      )}
      <div className={classes.buttons}>
        <Button type="submit" variant="primary" isPending={isRunning}>
          {t('register.register')}
        </Button>
        <Button variant="secondary" isDisabled={isRunning} onPress={onBack}>
          {t('register.back')}
        </Button>
      </div>
    </form>
  );
}
