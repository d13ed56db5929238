import { useMemo } from 'react';
import { containersOf } from '../logs/logSelection';
import type { ObjectTabProps } from '../object/ObjectTabContent';
import { TerminalPanel } from './TerminalPanel';

/** A terminal in a pod. */
export function ObjectTerminal({ cluster, target, detail }: ObjectTabProps) {
  const containers = useMemo(() => containersOf(detail.object), [detail]);
  const { namespace, name } = target;
  return namespace === undefined ? null : (
    <TerminalPanel
      cluster={cluster}
      namespace={namespace}
      pod={name}
      containers={containers}
    />
  );
}
