import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { k8sReactTranslationRef } from '@backstage-k8s/plugin-k8s-react';
import { useCallback } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { isKnownAction } from './auditActions';
import type { AuditEntry } from './auditFilter';

/** Between which the health of a cluster changes. */
const STATUSES = [
  'healthy',
  'degraded',
  'unhealthy',
  'unreachable',
  'unknown',
] as const;
/** Details that say in a word what was asked for. */
const SUMMARIES = ['image', 'replicas', 'revision'] as const;

/** What is done to objects of any kind. */
const OBJECT_VERBS = [
  ...(['create', 'apply', 'patch', 'delete'] as const),
  ...(['scale', 'restart', 'pause', 'resume'] as const),
  ...(['suspend', 'unsuspend', 'run', 'rollback'] as const),
] as const;
type ObjectVerb = (typeof OBJECT_VERBS)[number];

function isObjectVerb(verb: string | undefined): verb is ObjectVerb {
  return OBJECT_VERBS.some(one => one === verb);
}

/** Of what the change was: the object, else the cluster. Empty: it is not known. */
export function nameOf({ resource, clusterName, cluster }: AuditEntry): string {
  return resource?.name ?? clusterName ?? cluster ?? '';
}

/** Says in words what somebody set out to change, e.g. `Scale payments to 5 replicas`. */
export function useDescribeChange(): (entry: AuditEntry) => string {
  const { t } = useTranslationRef(k8sTranslationRef);
  const { t: tStatus } = useTranslationRef(k8sReactTranslationRef);
  const statusOf = useCallback(
    (status: unknown) => {
      const known = STATUSES.find(one => one === status);
      return known ? tStatus(`status.${known}`) : String(status);
    },
    [tStatus],
  );
  return useCallback(
    entry => {
      const { action, details = {} } = entry;
      const name = nameOf(entry);
      const [kind, verb] = action.split('.');
      if (!isKnownAction(action) && !isObjectVerb(verb)) {
        return `${action} ${name}`.trim();
      }
      const words = isKnownAction(action)
        ? t(`changes.words.${action}`, { name })
        : t(`object.done.${verb as ObjectVerb}`, { kind, name });
      if (action === 'cluster.health') {
        return `${words}: ${statusOf(details.from)} → ${statusOf(details.to)}`;
      }
      const summary = SUMMARIES.find(key => {
        return ['string', 'number'].includes(typeof details[key]);
      });
      if (!summary) return words;
      const value = String(details[summary]);
      return `${words} ${t(`changes.summary.${summary}`, { value })}`;
    },
    [t, statusOf],
  );
}
