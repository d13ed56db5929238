import { setTimeout as sleep } from 'node:timers/promises';
import { judged, figure } from '../Figure.ts';
import type { Figure } from '../Figure.ts';
import { until } from '../portal/BenchPortal.ts';
import type { AuditLog } from '../rig/AuditLog.ts';
import { SERVICES_NAMESPACE } from '../rig/contents.ts';
import type { Service } from '../rig/contents.ts';
import { pagedList, serviceRoute } from './requests.ts';
import type { ServiceAnswer } from './requests.ts';
import type { ManyClusters } from './Surroundings.ts';

const OF_RAW = 2;
const WITHIN_MS = 120_000;
const CONFIG_MAP = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { generateName: 'bench-' },
};

/**
 * W9: the API server of all clusters is restarted while pages are open. A restarted API server knows no history, so each watch is
 * answered with 410: that is the storm.
 */
export async function restartServer(
  { size, fleet, portal, known }: ManyClusters,
  { audit, service }: { audit: AuditLog; service: Service },
): Promise<Figure[]> {
  const { server } = fleet;
  const raw = server.client();
  // Raises the version past what any watch has seen.
  await raw.call(`POST /api/v1/namespaces/${SERVICES_NAMESPACE}/configmaps`, {
    body: CONFIG_MAP,
  });
  await server.restart();
  audit.restarted();
  const start = performance.now();
  const mark = `restart-${Date.now()}`;
  await raw.call(
    `PATCH /apis/apps/v1/namespaces/${SERVICES_NAMESPACE}/deployments/${service.name}`,
    {
      body: { metadata: { labels: { 'bench-mark': mark } } },
      contentType: 'application/merge-patch+json',
    },
  );
  const user = await portal.client();
  await until(
    'all clusters are consistent',
    async () => {
      const { items, clusters, errors } = await user.json<ServiceAnswer>(
        serviceRoute(service.name),
      );
      return (
        errors.length === 0 &&
        items.length === known &&
        items.every(({ labels }) => labels?.['bench-mark'] === mark) &&
        clusters.every(({ cache }) => cache.state === 'live')
      );
    },
    { withinMs: WITHIN_MS },
  );
  const consistent = performance.now() - start;
  // A second list would have come by then.
  await sleep(size.settleMs);
  const { listsByKind } = await audit.count('ours');
  const kinds = Object.keys(listsByKind);
  const relists = Math.max(0, ...Object.values(listsByKind)) / known;

  const rawStart = performance.now();
  await Promise.all(
    fleet.clusters.slice(0, known).map(async ({ url }) => {
      const client = server.client('raw', { url });
      for (const path of kinds) await pagedList(client, path);
      client.close();
    }),
  );
  const base = performance.now() - rawStart;
  raw.close();
  user.close();
  return [
    judged('W9.relists', 'ours', {
      ...{ figure: relists, unit: 'lists', atMost: 1 },
      what: `lists per cluster of the kind with most, ${kinds.length} kinds, after a restart`,
    }),
    figure('W9', 'raw', {
      ...{ figure: base, unit: 'ms' },
      what: `the paged lists of these kinds on ${known} clusters`,
    }),
    judged('W9', 'ours', {
      ...{ figure: consistent, unit: 'ms', ratio: consistent / base },
      ...{ atMost: OF_RAW, of: 'raw' },
      what: 'from the API server being ready to all clusters consistent',
    }),
  ];
}
