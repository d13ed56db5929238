import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useMemo } from 'react';
import type { ObjectTabProps } from '../object/ObjectTabContent';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { containersOf, podSelectionOf } from './logSelection';
import { LogsPanel } from './LogsPanel';

/** The logs of a pod, or of the pods that an object has. */
export function ObjectLogs({ cluster, target, detail }: ObjectTabProps) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const { quiet } = useSectionStyles();
  const { object } = detail;
  const { plural, namespace, name } = target;
  const selection = useMemo(
    () => podSelectionOf(object, plural),
    [object, plural],
  );
  const containers = useMemo(() => containersOf(object), [object]);
  return selection && namespace !== undefined ? (
    <LogsPanel
      cluster={cluster}
      namespace={namespace}
      name={name}
      selection={selection}
      containers={containers}
    />
  ) : (
    <p className={quiet}>{t('logs.noPods')}</p>
  );
}
