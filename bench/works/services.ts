import { check, figure, judged } from '../Figure.ts';
import type { Figure } from '../Figure.ts';
import type { HttpClient } from '../measure/HttpClient.ts';
import { interleave, middle } from '../measure/interleave.ts';
import { until } from '../portal/BenchPortal.ts';
import {
  SERVICE_LABEL,
  SERVICES,
  SERVICES_NAMESPACE,
} from '../rig/contents.ts';
import type { Service } from '../rig/contents.ts';
import { pluginBody, pluginRoute, serviceRoute } from './requests.ts';
import type { PluginAnswer, RawList, ServiceAnswer } from './requests.ts';
import type { ManyClusters, Work } from './Surroundings.ts';

const OF_PLUGIN = 0.05;
const OF_ONE = 3;
const OF_BYTES = 0.1;

/** What ours took on one cluster, by service, remembered until ten and a hundred have been measured. */
const onOne = new Map<string, number>();

/** Waits until our page of a service is whole and live, and compares it with what the API server has. @throws WrongAnswer */
export async function checkService(
  { fleet, known }: Pick<ManyClusters, 'fleet' | 'known'>,
  options: { user: HttpClient; service: Service },
): Promise<void> {
  const { user, service } = options;
  const raw = fleet.server.client();
  const { items } = await raw.json<RawList>(
    `GET /api/v1/namespaces/${SERVICES_NAMESPACE}/pods?labelSelector=${encodeURIComponent(
      `${SERVICE_LABEL}=${service.name}`,
    )}`,
  );
  raw.close();
  const names = items.map(({ metadata }) => metadata.name).sort();
  check(names.length === service.pods, `W4: the rig has ${names.length} pods`);
  let answer: ServiceAnswer | undefined;
  await until(`all ${known} clusters show ${service.name}`, async () => {
    answer = await user.json<ServiceAnswer>(serviceRoute(service.name));
    return (
      answer.errors.length === 0 &&
      answer.items.length === known &&
      answer.clusters.length === known &&
      answer.clusters.every(({ cache }) => cache.state === 'live')
    );
  });
  for (const item of answer?.items ?? []) {
    const shown = item.pods.map(({ name }) => name).sort();
    check(
      shown.join() === names.join() && item.ready === service.pods,
      `W4: ${item.cluster} shows ${shown.length} pods of ${service.name} instead of ${names.length}`,
    );
  }
}

/** @throws WrongAnswer unless the plugin shows all pods too: otherwise it would be compared with less work */
async function checkPlugin(
  known: number,
  options: { user: HttpClient; service: Service },
): Promise<void> {
  const { user, service } = options;
  const { items } = await user.json<PluginAnswer>(pluginRoute(service.name), {
    body: pluginBody(service.name),
  });
  const counts = items.map(
    ({ resources }) =>
      resources.find(({ type }) => type === 'pods')?.resources.length,
  );
  check(
    counts.length === known && counts.every(count => count === service.pods),
    `W4: Backstage's plugin shows ${counts.join()} pods of ${service.name}`,
  );
}

/** W4 on as many clusters as are known: one service's workloads, on all of them. */
export const services: Work<ManyClusters> = {
  ids: ['W4', 'bytes'],
  async run(around) {
    const { portal, known } = around;
    const user = await portal.client();
    const spread =
      { 1: SERVICES.on1, 10: SERVICES.on10 }[known] ?? SERVICES.on100;
    const figures: Figure[] = [];
    for (const service of [spread, SERVICES.each]) {
      await checkService(around, { user, service });
      await checkPlugin(known, { user, service });
      const times = await interleave(
        {
          ours: async () => (await user.call(serviceRoute(service.name))).ms,
          plugin: async () => (await askPlugin(user, service)).ms,
        },
        { rounds: around.size.rounds, requests: known > 10 ? 1 : 3 },
      );
      figures.push(...compared(times, { known, service }));
    }
    if (known > 1) figures.push(...(await bytes(user, { known, spread })));
    user.close();
    return figures;
  },
};

const askPlugin = (user: HttpClient, { name }: Service) =>
  user.call(pluginRoute(name), { body: pluginBody(name) });

function compared(
  times: Record<'ours' | 'plugin', number[][]>,
  { known, service }: { known: number; service: Service },
): Figure[] {
  const isEach = service.name === SERVICES.each.name;
  const id = `W4.${isEach ? 'each.' : ''}${known}`;
  const what = `${
    service.pods * known
  } pods of one service on ${known} clusters`;
  const ours = middle(times.ours);
  const plugin = middle(times.plugin);
  const key = isEach ? 'each' : 'spread';
  if (known === 1) onOne.set(key, ours);
  const one = onOne.get(key);
  return [
    figure(id, 'plugin', { figure: plugin, unit: 'ms', what }),
    judged(id, 'ours', {
      ...{ figure: ours, unit: 'ms', what, ratio: ours / plugin },
      ...{ atMost: OF_PLUGIN, of: 'plugin' },
    }),
    ...(known > 10 && one !== undefined
      ? [
          judged(`${id}.of.1`, 'ours', {
            ...{ figure: ours, unit: 'ms', ratio: ours / one, atMost: OF_ONE },
            ...{ of: 'on 1', what: `${what}, compared with one cluster` },
          }),
        ]
      : []),
  ];
}

/** The same screen, as it comes to the browser: compressed. */
async function bytes(
  user: HttpClient,
  { known, spread }: { known: number; spread: Service },
): Promise<Figure[]> {
  const ours = await user.call(serviceRoute(spread.name), { compressed: true });
  const plugin = await user.call(pluginRoute(spread.name), {
    body: pluginBody(spread.name),
    compressed: true,
  });
  const what = `the page of a service on ${known} clusters, compressed`;
  const [size, base] = [ours.body.length, plugin.body.length];
  return [
    figure(`bytes.${known}`, 'plugin', { figure: base, unit: 'bytes', what }),
    judged(`bytes.${known}`, 'ours', {
      ...{ figure: size, unit: 'bytes', what, ratio: size / base },
      ...{ atMost: OF_BYTES, of: 'plugin' },
    }),
  ];
}
