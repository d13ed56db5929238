import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { isDnsLabel } from '@backstage-k8s/plugin-k8s-common';
import { Button, Checkbox, Radio, RadioGroup, TextField } from '@backstage/ui';
import { useMemo, useState } from 'react';
import { CodeBlock } from '../pages/CodeBlock';
import { downloadText } from '../pages/downloadText';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { ACCOUNT_LEVELS } from './accountLevels';
import type { AccountLevel } from './accountLevels';
import {
  ACCOUNT_NAMESPACE,
  MANIFEST_FILE,
  createCommands,
  createManifest,
} from './createManifest';
import { useRegisterStyles } from './useRegisterStyles';

const LEVEL_WORDS = {
  read: ['register.levelRead', 'register.levelReadNote'],
  operate: ['register.levelOperate', 'register.levelOperateNote'],
  administer: ['register.levelAdminister', 'register.levelAdministerNote'],
} as const;

/** Writes the manifest of a service account with the least rights, and the commands that print its kubeconfig. */
export function ManifestPanel(props: { onPrinted: () => void }) {
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const [level, setLevel] = useState<AccountLevel>('operate');
  const [namespace, setNamespace] = useState(ACCOUNT_NAMESPACE);
  const [createsNamespace, setCreatesNamespace] = useState(true);
  const isValid = isDnsLabel(namespace);
  const manifest = useMemo(
    () =>
      isValid ? createManifest({ namespace, createsNamespace, level }) : '',
    [isValid, namespace, createsNamespace, level],
  );
  return (
    <>
      <RadioGroup
        label={t('register.level')}
        description={t('register.levelHelp')}
        value={level}
        onChange={value => setLevel(value as AccountLevel)}
      >
        {ACCOUNT_LEVELS.map(one => (
          <Radio key={one} value={one}>
            {t(LEVEL_WORDS[one][0])}
          </Radio>
        ))}
      </RadioGroup>
      <p className={classes.quiet} role="status">
        {t(LEVEL_WORDS[level][1])}
      </p>
      <TextField
        label={t('register.namespace')}
        value={namespace}
        onChange={setNamespace}
        validationBehavior="aria"
        validate={() => (isValid ? undefined : t('register.namespaceInvalid'))}
      />
      <Checkbox isSelected={createsNamespace} onChange={setCreatesNamespace}>
        {t('register.createNamespace')}
      </Checkbox>
      {isValid && (
        <>
          <div className={classes.buttons}>
            <p>{t('register.manifestStep', { file: MANIFEST_FILE })}</p>
            <Button
              size="small"
              variant="secondary"
              onPress={() =>
                downloadText(manifest, {
                  name: MANIFEST_FILE,
                  type: 'application/yaml',
                })
              }
            >
              {t('register.download')}
            </Button>
          </div>
          <CodeBlock label={t('register.manifest')} text={manifest} />
          <p>{t('register.commandsStep')}</p>
          <CodeBlock
            label={t('register.commands')}
            text={createCommands({ namespace })}
          />
          <div className={classes.buttons}>
            <p>{t('register.printsStep')}</p>
            <Button variant="primary" onPress={props.onPrinted}>
              {t('register.havePrinted')}
            </Button>
          </div>
        </>
      )}
    </>
  );
}
