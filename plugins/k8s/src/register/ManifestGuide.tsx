import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import { useState } from 'react';
import { CodeBlock } from '../pages/CodeBlock';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import {
  KUBECONFIG_COMMANDS,
  serviceAccountManifest,
} from './serviceAccountManifest';
import type { AccessLevel } from './serviceAccountManifest';

const LEVELS: readonly AccessLevel[] = ['read', 'operate', 'administer'];

/** How to make a service account with the least rights, and a kubeconfig of it. */
export function ManifestGuide() {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [level, setLevel] = useState<AccessLevel>('operate');
  return (
    <div className={classes.stack}>
      <Select
        label={t('manifest.level')}
        description={t(`manifest.explain.${level}`)}
        options={LEVELS.map(id => ({ id, label: t(`manifest.levels.${id}`) }))}
        value={level}
        onChange={key =>
          setLevel(LEVELS.find(one => one === key) ?? 'operate')
        }
      />
      <p>{t('manifest.save')}</p>
      <CodeBlock
        label={t('manifest.manifest')}
        text={serviceAccountManifest(level)}
      />
      <p>{t('manifest.run')}</p>
      <CodeBlock label={t('manifest.commands')} text={KUBECONFIG_COMMANDS} />
    </div>
  );
}
