import { parseQuantity } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  RelativeTime,
  formatBytes,
  formatCores,
} from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** Quantities of bytes have a unit; those of cores and of pieces have none, or a thousandth. */
const BYTES = /(?:[KMGTPE]i|[kMGTPE])$/;

/** A quantity of Kubernetes for people, e.g. `1.5 GiB` for `1536Mi`; what is none stays as it is. */
export function formatQuantity(text: string): string {
  const value = parseQuantity(text);
  if (value === undefined) return text;
  return BYTES.test(text) ? formatBytes(value) : formatCores(value);
}

/** The value of a column for people, with the exact one on hover. */
export function CellText(props: {
  type: ResourceColumn['type'];
  value: unknown;
}) {
  const { type, value } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  if (value === null || value === undefined || value === '') return null;
  if (Array.isArray(value)) {
    if (value.length === 0) return null;
    return <span title={value.join('\n')}>{value.join(', ')}</span>;
  }
  const text = String(value);
  switch (type) {
    case 'date':
      return Number.isNaN(Date.parse(text)) ? (
        <span title={text}>{text}</span>
      ) : (
        <RelativeTime at={text} />
      );
    case 'quantity':
      return <span title={text}>{formatQuantity(text)}</span>;
    case 'boolean':
      return <>{value ? t('resources.yes') : t('resources.no')}</>;
    default:
      return <span title={text}>{text}</span>;
  }
}
