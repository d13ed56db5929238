import { setTimeout as sleep } from 'node:timers/promises';
import { check, judged } from '../Figure.ts';
import { until } from '../portal/BenchPortal.ts';
import { AuditLog } from '../rig/AuditLog.ts';
import { SERVICES } from '../rig/contents.ts';
import { openOurs } from './Page.ts';
import type { Page } from './Page.ts';
import { serviceRoute } from './requests.ts';
import type { ServiceAnswer } from './requests.ts';
import type { ManyClusters, Work } from './Surroundings.ts';

const NAME = 'impersonating';
const USERS = 5;
const SMALL_USERS = 2;
const WINDOW_MS = 60_000;
const SMALL_WINDOW_MS = 1_000;
/** What a page of a service is made of: deployments, ReplicaSets, pods, events and autoscalers. */
const KINDS = 5;
const PERIOD_MS = 10_000;
/** As clusters in impersonation mode know the group of all users here. */
const GROUP = 'backstage:group:default/bench';
const CONFLICT = 409;

/** The last row of W6: what a cluster whose own rules decide too is asked about its rules. */
export const impersonation: Work<ManyClusters> = {
  ids: ['W6'],
  async run({ size, fleet, portal }) {
    const isSmall = size.name === 'XS';
    const service = SERVICES.each.name;
    await allowGroup(fleet);
    const cluster = await fleet.add(NAME);
    await portal.seed([
      { ...fleet.access(cluster, 'ours'), impersonates: true },
    ]);
    const id = (await portal.clusters()).get(NAME);
    const pages: Page[] = [];
    try {
      for (let index = 0; index < (isSmall ? SMALL_USERS : USERS); index += 1) {
        const user = await portal.client(index);
        await until('the cluster shows the service', async () => {
          const answer = await user.json<ServiceAnswer>(serviceRoute(service));
          return answer.items.some(item => item.cluster === id);
        });
        pages.push(await openOurs(user, { service }));
      }
      await sleep(size.settleMs);
      const audit = new AuditLog(fleet.server);
      await audit.restart();
      const windowMs = isSmall ? SMALL_WINDOW_MS : WINDOW_MS;
      await sleep(windowMs);
      const { reviews } = await audit.count('ours');
      check(isSmall || reviews > 0, 'W6: the cluster was not asked');
      const perKind = reviews / pages.length / KINDS / (windowMs / PERIOD_MS);
      return [
        judged('W6.impersonation', 'ours', {
          ...{ figure: perKind, unit: 'reviews', atMost: 1 },
          what: `access reviews per user, kind and 10 s, ${pages.length} pages of a service open`,
        }),
      ];
    } finally {
      pages.forEach(page => page.close());
      if (id) await portal.remove(id);
    }
  },
};

async function allowGroup({ server }: ManyClusters['fleet']) {
  const raw = server.client();
  const apiGroup = 'rbac.authorization.k8s.io';
  const { status, body } = await raw.ask(
    `POST /apis/${apiGroup}/v1/clusterrolebindings`,
    {
      body: {
        metadata: { name: 'bench-users' },
        roleRef: { apiGroup, kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ apiGroup, kind: 'Group', name: GROUP }],
      },
    },
  );
  raw.close();
  check(status < 400 || status === CONFLICT, `W6: ${body.toString()}`);
}
