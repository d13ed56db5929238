import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  RelativeTime,
  ResourceTable,
  StatusLabel,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { byTrouble, conditionTone } from './conditions';
import type { ObjectCondition } from './conditions';

const rowKey = ({ type }: ObjectCondition) => type;
const signature = ({ status, reason }: ObjectCondition) =>
  `${status} ${reason}`;

const HOLDS = { True: 'holds', False: 'doesNotHold' } as const;

/** What an object's status says of it: what holds and what does not, since when and why; trouble first. */
export function ConditionTable(props: {
  conditions: readonly ObjectCondition[];
}) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const columns = useMemo<ResourceColumn<ObjectCondition>[]>(
    () => [
      {
        id: 'type',
        title: t('object.condition.type'),
        weight: 2,
        cell: ({ type }) => <span title={type}>{type}</span>,
      },
      {
        id: 'status',
        title: t('clusters.status'),
        weight: 1.7,
        phone: true,
        cell: condition => {
          const known = HOLDS[condition.status as keyof typeof HOLDS];
          return (
            <StatusLabel tone={conditionTone(condition)}>
              {t(`object.condition.${known ?? 'unknown'}`)}
            </StatusLabel>
          );
        },
      },
      {
        id: 'reason',
        title: t('object.condition.reason'),
        weight: 1.8,
        cell: ({ reason }) => <span title={reason}>{reason}</span>,
      },
      {
        id: 'message',
        title: t('events.message'),
        weight: 4.4,
        phone: true,
        cell: ({ message }) => <span title={message}>{message}</span>,
      },
      {
        id: 'since',
        title: t('object.condition.since'),
        weight: 1,
        cell: ({ since }) =>
          since && <RelativeTime at={since} format="duration" />,
      },
    ],
    [t],
  );
  const rows = useMemo(
    () => [...props.conditions].sort(byTrouble),
    [props.conditions],
  );
  return (
    <ResourceTable
      id="conditions"
      label={t('object.conditions')}
      columns={columns}
      rows={rows}
      rowKey={rowKey}
      signature={signature}
      keys={false}
      plain
    />
  );
}
