import { setTimeout as sleep } from 'node:timers/promises';
import { check, figure, judged } from '../Figure.ts';
import type { Figure } from '../Figure.ts';
import { sum } from '../measure/statistics.ts';
import { until } from '../portal/BenchPortal.ts';
import { AuditLog } from '../rig/AuditLog.ts';
import type { Requests } from '../rig/AuditLog.ts';
import { Changer } from '../rig/Changer.ts';
import { SERVICES, SERVICES_NAMESPACE } from '../rig/contents.ts';
import type { Service } from '../rig/contents.ts';
import { openOurs, PluginPage } from './Page.ts';
import type { Page } from './Page.ts';
import { restartServer } from './restartServer.ts';
import { checkService } from './services.ts';
import type { ManyClusters, Work } from './Surroundings.ts';
import { takenIn } from './takenIn.ts';

const CHANGES_PER_SECOND = 20;
/** As the plugin's front end does it. */
const POLL_MS = 10_000;
const SMALL_POLL_MS = 500;
const SIGN_IN_AT_ONCE = 10;
const OF_PLUGIN = 0.02;
const LONGEST_DELAY_MS = 50;
const SECOND_MS = 1_000;
/** Lists per user that a list read again by chance makes. */
const NOISE = 0.01;

/** What one window of time cost. */
interface Window {
  users: number;
  /** Cores, all of the back end. */
  cores: number;
  requests: Requests;
  /** Bytes a second and user. */
  bytes: number;
}

/** W6: many users have the page of a service open while their clusters change; and what is done meanwhile. */
export const openPages: Work<ManyClusters> = {
  ids: ['W6', 'W9', 'changes', 'delay'],
  async run(around) {
    const { size, fleet, portal, known } = around;
    const service = known === 10 ? SERVICES.on10 : SERVICES.each;
    const audit = new AuditLog(fleet.server);
    const changer = await Changer.of(fleet.server);
    const stop = new AbortController();
    const first = await portal.client();
    await checkService(around, { user: first, service });
    const figures: Figure[] = [];
    const pages: Page[] = [];
    const marks = new MarkReader();
    try {
      figures.push(...(await takenIn(around, { changer })));
      const changing = changer.run({
        perSecond: CHANGES_PER_SECOND,
        signal: stop.signal,
      });
      const measure = (users: Page[]) =>
        measureWindow(around, { users, audit });
      const nobody = await measure([]);
      const plugin = await withPlugin(around, { service, audit });
      const ours: Window[] = [];
      for (const users of size.users) {
        await open(around, { service, pages, users, marks });
        await sleep(size.settleMs);
        await portal.reset();
        ours.push(await measure(pages));
      }
      const { delayMs } = await portal.report();
      await marks.untilAllHave(around, { service, users: pages.length });
      figures.push(
        ...figuresOf({ nobody, plugin, ours, known }),
        judged('delay.pages', 'ours', {
          ...{ figure: delayMs.p99, unit: 'ms', atMost: LONGEST_DELAY_MS },
          what: `event loop delay with ${pages.length} pages open, 99th percentile`,
        }),
        ...(await restartServer(around, { audit, service })),
      );
      stop.abort();
      await changing;
    } finally {
      stop.abort();
      pages.forEach(page => page.close());
      first.close();
      changer.close();
    }
    return figures;
  },
};

/** Sees to it that what is pushed arrives at each user. */
class MarkReader {
  #mark = '';
  readonly #having = new Set<number>();

  reader(user: number): (chunk: Buffer) => void {
    return chunk => {
      if (this.#mark && chunk.includes(this.#mark)) this.#having.add(user);
    };
  }

  /** Changes a label of the service and waits until every open page was told. @throws WrongAnswer */
  async untilAllHave(
    { fleet }: ManyClusters,
    options: { service: Service; users: number },
  ): Promise<void> {
    this.#mark = `mark-${Date.now()}`;
    const raw = fleet.server.client();
    await raw.call(
      `PATCH /apis/apps/v1/namespaces/${SERVICES_NAMESPACE}/deployments/${options.service.name}`,
      {
        body: { metadata: { labels: { 'bench-mark': this.#mark } } },
        contentType: 'application/merge-patch+json',
      },
    );
    raw.close();
    const all = async () => this.#having.size === options.users;
    await until('every page has the change', all).catch(() => {});
    check(
      await all(),
      `W6: ${this.#having.size} of ${options.users} pages have the change`,
    );
  }
}

async function open(
  { portal }: ManyClusters,
  options: {
    service: Service;
    pages: Page[];
    users: number;
    marks: MarkReader;
  },
) {
  const { service, pages, users, marks } = options;
  while (pages.length < users) {
    const from = pages.length;
    const count = Math.min(SIGN_IN_AT_ONCE, users - from);
    const opened = Array.from({ length: count }, async (_, index) =>
      openOurs(await portal.client(from + index), {
        service: service.name,
        onChunk: marks.reader(from + index),
      }),
    );
    pages.push(...(await Promise.all(opened)));
  }
}

async function measureWindow(
  { size, portal }: ManyClusters,
  options: { users: Page[]; audit: AuditLog },
): Promise<Window> {
  const { users, audit } = options;
  const isLargest = users.length === Math.max(...size.users);
  await audit.restart();
  const before = sum(users.map(page => page.received()));
  const cpu = portal.cpu();
  const start = performance.now();
  await sleep(isLargest ? size.openMs : size.comparedMs);
  const seconds = (performance.now() - start) / SECOND_MS;
  const cores = (portal.cpu() - cpu) / seconds;
  const received = sum(users.map(page => page.received())) - before;
  return {
    users: users.length,
    cores,
    requests: await audit.count('ours'),
    bytes: users.length > 0 ? received / users.length / seconds : 0,
  };
}

/** The same with pages of the plugin. Its cost is told per poll, so that users it cannot keep up with do not look cheap. */
async function withPlugin(
  { size, portal }: ManyClusters,
  options: { service: Service; audit: AuditLog },
) {
  const { service, audit } = options;
  const intervalMs = size.name === 'XS' ? SMALL_POLL_MS : POLL_MS;
  const pages: PluginPage[] = [];
  for (let user = 0; user < size.pluginUsers; user += 1) {
    const delayMs = (intervalMs / size.pluginUsers) * user;
    pages.push(
      new PluginPage(await portal.client(user), {
        ...{ service: service.name, intervalMs, delayMs },
      }),
    );
  }
  await audit.restart();
  const cpu = portal.cpu();
  const start = performance.now();
  await sleep(size.comparedMs);
  // To the end of what is under way.
  await until('a poll has ended', async () =>
    pages.every(page => page.polls > 0),
  );
  const seconds = (performance.now() - start) / SECOND_MS;
  const used = portal.cpu() - cpu;
  const polls = sum(pages.map(page => page.polls));
  const { lists } = await audit.count('plugin');
  pages.forEach(page => page.close());
  return {
    polls,
    seconds,
    used,
    lists,
    intervalSeconds: intervalMs / SECOND_MS,
  };
}

function figuresOf(measured: {
  nobody: Window;
  plugin: Awaited<ReturnType<typeof withPlugin>>;
  ours: Window[];
  known: number;
}): Figure[] {
  const { nobody, plugin, ours, known } = measured;
  // What is used without any page is not the pages' doing, for either.
  const ofPolls = plugin.used - nobody.cores * plugin.seconds;
  const pluginPerUser = ofPolls / plugin.polls / plugin.intervalSeconds;
  const [fewest] = ours;
  const most = ours[ours.length - 1];
  // What is looked at anew begins with a list. Other watches follow one that has ended after its time, whoever looks.
  const perExtraUser =
    (most.requests.lists - fewest.requests.lists) / (most.users - fewest.users);
  const open = 'pages of a service open';
  return [
    figure('W6.nobody', 'ours', {
      ...{ figure: nobody.cores, unit: 'cores' },
      what: `${known} clusters with ${CHANGES_PER_SECOND} changes a second each, no page open`,
    }),
    figure('W6.cpu', 'plugin', {
      ...{ figure: pluginPerUser, unit: 'cores per user' },
      what: `a page that polls ${known} clusters every ${plugin.intervalSeconds} s`,
    }),
    figure('W6.requests', 'plugin', {
      ...{ figure: plugin.lists / plugin.polls / known, unit: 'lists' },
      what: 'lists per cluster and poll',
    }),
    judged('W6.requests', 'ours', {
      ...{ figure: Math.max(0, perExtraUser), unit: 'lists per extra user' },
      ...{
        atMost: NOISE,
        what: `lists, ${most.users} compared with ${fewest.users} ${open}`,
      },
    }),
    ...ours.map(window => {
      const perUser = (window.cores - nobody.cores) / window.users;
      const told = {
        ...{ figure: perUser, unit: 'cores per user' },
        what: `${window.users} ${open}`,
      };
      // Of a few pages it may be less than what differs by chance: then nothing is known of them.
      return perUser <= 0
        ? figure(`W6.cpu.${window.users}`, 'ours', told)
        : judged(`W6.cpu.${window.users}`, 'ours', {
            ...told,
            ...{ ratio: perUser / pluginPerUser, of: 'plugin' },
            atMost: OF_PLUGIN,
          });
    }),
    figure('W6.bytes', 'ours', {
      ...{ figure: most.bytes, unit: 'bytes/s per user' },
      what: 'of the stream of changes',
    }),
  ];
}
