import { answerError } from '../../errors/clusterErrors';
import { timeoutError } from '../../errors/connectionErrors';
import type {
  KubeRequest,
  KubeResponse,
} from '../../connection/ClusterConnection';
import { certificateExpiry } from './certificateExpiry';
import type { ProbeTools } from './Probe';
import { probeApiServer } from './probeApiServer';
import { probeEtcd } from './probeEtcd';
import { probeLease } from './probeLease';
import { probeNodes } from './probeNodes';
import { versionSkew } from './versionSkew';

const NOW = new Date('2026-11-23T12:00:00.000Z');
const at = (seconds: number) =>
  new Date(NOW.getTime() + seconds * 1000).toISOString();

type Canned = Error | { status?: number; text?: string; body?: unknown };

function tools(answer: Canned): ProbeTools & { asked: KubeRequest[] } {
  const asked: KubeRequest[] = [];
  return {
    asked,
    now: NOW,
    ask: async request => {
      asked.push(request);
      if (answer instanceof Error) throw answer;
      const { status = 200, text, body } = answer;
      const all = text ?? JSON.stringify(body);
      const response: KubeResponse = {
        status,
        headers: { date: NOW.toUTCString() },
        json: async () => JSON.parse(all),
        text: async () => all,
        body: async function* pieces() {
          yield Buffer.from(all);
        },
      };
      return response;
    },
  };
}

const forbidden = answerError({
  status: 403,
  body: JSON.stringify({
    message: 'leases "x" is forbidden: User "u" cannot get resource "leases"',
  }),
});

describe('probeApiServer', () => {
  it('is healthy when it is ready, whatever etcd does', async () => {
    const given = tools({ text: '[+]ping ok\nreadyz check passed\n' });
    const sight = await probeApiServer(given);
    expect(sight).toMatchObject({
      isReached: true,
      apiServer: { status: 'healthy', seen: at(0) },
      connection: { status: 'healthy' },
    });
    expect(given.asked[0].query).toMatchObject({
      exclude: ['etcd', 'etcd-readiness'],
    });
  });

  it('names the checks that fail', async () => {
    const text =
      '[+]ping ok\n[-]informer-sync failed: reason withheld\n[-]shutdown failed: reason withheld\nreadyz check failed\n';
    const sight = await probeApiServer(tools({ status: 500, text }));
    expect(sight.apiServer).toMatchObject({
      status: 'unhealthy',
      message: 'It is not ready: informer-sync, shutdown',
    });
  });

  it('blames the API server for silence, not our connection', async () => {
    const sight = await probeApiServer(tools(timeoutError()));
    expect(sight.isReached).toBe(false);
    expect(sight.apiServer?.status).toBe('unreachable');
    expect(sight.connection).toBeUndefined();
  });

  it('blames our credential for a 401, not the API server', async () => {
    const sight = await probeApiServer(
      tools(answerError({ status: 401, body: '' })),
    );
    expect(sight.apiServer).toBeUndefined();
    expect(sight.connection).toMatchObject({
      status: 'unhealthy',
      message: expect.stringMatching(/refuses the portal's credential/),
    });
  });

  it('is degraded when it has too much to do', async () => {
    const sight = await probeApiServer(
      tools(answerError({ status: 429, body: '' })),
    );
    expect(sight).toMatchObject({
      isReached: true,
      apiServer: { status: 'degraded' },
    });
  });
});

describe('probeEtcd', () => {
  it.each<[Canned, string | undefined]>([
    [{ text: 'ok' }, 'healthy'],
    [{ status: 500, text: 'internal server error' }, 'unhealthy'],
    [timeoutError(), 'unhealthy'],
    [answerError({ status: 404, body: '' }), 'unknown'],
    [forbidden, 'unknown'],
    [answerError({ status: 429, body: '' }), undefined],
  ])('case %#', async (answer, status) => {
    expect((await probeEtcd(tools(answer)))?.status).toBe(status);
  });
});

describe('probeLease', () => {
  const lease = (spec: object): Canned => ({
    body: {
      spec: { holderIdentity: 'me', leaseDurationSeconds: 15, ...spec },
    },
  });

  it.each<[string, Canned, string | undefined]>([
    ['just renewed', lease({ renewTime: at(-2) }), 'healthy'],
    ['renewed late', lease({ renewTime: at(-16) }), 'healthy'],
    ['not renewed', lease({ renewTime: at(-18) }), 'unhealthy'],
    [
      'not renewed within its own time',
      lease({ renewTime: at(-18), leaseDurationSeconds: 60 }),
      'healthy',
    ],
    ['renewed in the future', lease({ renewTime: at(30) }), 'healthy'],
    ['given up', lease({ renewTime: at(0), holderIdentity: '' }), 'unhealthy'],
    ['empty', { body: {} }, 'unknown'],
    [
      'not there, as in managed clusters',
      answerError({ status: 404, body: '' }),
      'unknown',
    ],
    ['not to be seen', forbidden, 'unknown'],
    ['not answered, as while etcd is away', timeoutError(), undefined],
  ])('%s', async (_, answer, status) => {
    const component = await probeLease('scheduler', tools(answer));
    expect(component?.status).toBe(status);
  });

  it('was seen when it was renewed', async () => {
    const answer = lease({ renewTime: at(-100) });
    expect(await probeLease('scheduler', tools(answer))).toMatchObject({
      name: 'scheduler',
      seen: at(-100),
      message: `It has not renewed its lease since ${at(-100)}`,
    });
  });
});

describe('probeNodes', () => {
  const table = (...nodes: [string, string][]): Canned => ({
    body: {
      columnDefinitions: ['Name', 'Status', 'Roles', 'Age', 'Version'].map(
        name => ({ name }),
      ),
      rows: nodes.map(([name, status]) => ({
        cells: [name, status, '<none>', '1d', 'v1.37.2'],
      })),
    },
  });

  it.each<[Canned, string | undefined]>([
    [table(['a', 'Ready'], ['b', 'Ready,SchedulingDisabled']), 'healthy'],
    [table(['a', 'Ready'], ['b', 'NotReady']), 'degraded'],
    [table(['a', 'Ready'], ['b', 'Unknown']), 'degraded'],
    [table(['a', 'NotReady,SchedulingDisabled']), 'unhealthy'],
    [table(), 'healthy'],
    [forbidden, 'unknown'],
    [timeoutError(), undefined],
  ])('case %#', async (answer, status) => {
    expect((await probeNodes(tools(answer)))?.component.status).toBe(status);
  });

  it('names those that are not ready, but not a hundred', async () => {
    const nodes = Array.from({ length: 100 }, (_, n): [string, string] => [
      `n${n}`,
      n < 50 ? 'NotReady' : 'Ready',
    ]);
    const sight = await probeNodes(tools(table(...nodes)));
    expect(sight?.component).toMatchObject({
      message: '50 of 100 nodes are not ready',
      namingMessage: '50 of 100 nodes are not ready: n0, n1, n2 and 47 more',
    });
  });

  describe('with conditions', () => {
    type Conditions = Record<string, string>;

    /** Answers the table, then the list in pages of one node. */
    function cluster(nodes: [string, string, Conditions?][]) {
      const rows = table(
        ...nodes.map(([name, status]): [string, string] => [name, status]),
      );
      const items = nodes.map(([name, , conditions = {}]) => ({
        metadata: { name },
        status: {
          conditions: Object.entries(conditions).map(([type, status]) => ({
            type,
            status,
          })),
        },
      }));
      const asked: KubeRequest[] = [];
      return {
        now: NOW,
        asked,
        ask: async (request: KubeRequest) => {
          asked.push(request);
          if (request.accept) return tools(rows).ask(request);
          const place = Number(request.query?.continue ?? 0);
          const next = place + 1 < items.length ? String(place + 1) : '';
          return tools({
            body: { metadata: { continue: next }, items: [items[place]] },
          }).ask(request);
        },
      };
    }

    it.each<[string, Conditions, string | undefined]>([
      ['MemoryPressure', { MemoryPressure: 'True' }, 'memory'],
      ['DiskPressure', { DiskPressure: 'True' }, 'disk'],
      ['PIDPressure', { PIDPressure: 'True' }, 'process ids'],
      ['NetworkUnavailable', { NetworkUnavailable: 'True' }, 'network'],
      [
        'two of them',
        { DiskPressure: 'True', MemoryPressure: 'True' },
        'disk, memory',
      ],
      ['none', { MemoryPressure: 'False', DiskPressure: 'Unknown' }, undefined],
      ['others', { Ready: 'True', KernelHasNoDeadlock: 'True' }, undefined],
    ])('is degraded by %s', async (_name, conditions, lacks) => {
      const given = cluster([
        ['a', 'Ready'],
        ['b', 'Ready', conditions],
      ]);
      expect((await probeNodes(given))?.component).toMatchObject(
        lacks === undefined
          ? { status: 'healthy' }
          : {
              status: 'degraded',
              message: '1 of 2 nodes run short',
              namingMessage: `1 of 2 nodes run short: b (${lacks})`,
            },
      );
    });

    it('says both who is not ready and who runs short, but not of a hundred', async () => {
      const nodes = Array.from(
        { length: 100 },
        (_, n): [string, string, Conditions] => [
          `n${n}`,
          n === 0 ? 'NotReady' : 'Ready',
          { DiskPressure: 'True' },
        ],
      );
      const sight = await probeNodes(cluster(nodes));
      expect(sight?.component).toMatchObject({
        status: 'degraded',
        message: '1 of 100 nodes are not ready; 100 of 100 nodes run short',
        namingMessage:
          '1 of 100 nodes are not ready: n0; 100 of 100 nodes run short: n0 (disk), n1 (disk), n2 (disk) and 97 more',
      });
      expect(sight?.pressure?.nodes).toHaveLength(10);
    });

    it.each([
      [2, 0, false],
      [2, 1, true],
      [100, 49, false],
      [100, 50, true],
      [5_000, 59, false],
      [5_000, 60, true],
    ])(
      'of %d nodes are looked at again after %d s: %s',
      async (count, seconds, isAgain) => {
        const pressure = {
          seen: at(-seconds),
          count: 1,
          nodes: [{ name: 'n0', lacks: ['disk'] }],
        };
        const given = cluster(
          Array.from({ length: count }, (_, n): [string, string] => [
            `n${n}`,
            'Ready',
          ]),
        );
        const sight = await probeNodes(given, { pressure });
        expect(given.asked.length > 1).toBe(isAgain);
        expect(sight?.component.status).toBe(isAgain ? 'healthy' : 'degraded');
        expect(sight?.pressure?.seen).toBe(isAgain ? at(0) : at(-seconds));
      },
    );

    it('keeps what was seen when the list fails', async () => {
      const pressure = {
        seen: at(-600),
        count: 1,
        nodes: [{ name: 'a', lacks: ['disk'] }],
      };
      const given = cluster([['a', 'Ready']]);
      const sight = await probeNodes(
        {
          now: NOW,
          ask: request => {
            if (!request.accept) throw timeoutError();
            return given.ask(request);
          },
        },
        { pressure },
      );
      expect(sight).toMatchObject({
        pressure,
        component: { status: 'degraded' },
      });
    });
  });
});

describe('versionSkew', () => {
  it.each([
    ['v1.37.2', 'v1.37.0', 'healthy'],
    ['v1.37.2', 'v1.34.0', 'healthy'],
    ['v1.37.2', 'v1.33.9', 'degraded'],
    ['v1.37.2', 'v1.38.0', 'degraded'],
    ['v1.27.0', 'v1.25.0', 'healthy'],
    ['v1.27.0', 'v1.24.0', 'degraded'],
    ['v1.37.2', 'kwok-v0.8.0', 'healthy'],
    ['v1.37.2-gke.100', 'v1.36.1-gke.2', 'healthy'],
    ['banana', 'v1.37.0', 'unknown'],
  ])('API server %s with kubelet %s is %s', (server, kubelet, status) => {
    const nodes = [{ name: 'a', isReady: true, version: kubelet }];
    expect(versionSkew(server, { nodes, now: NOW }).status).toBe(status);
  });

  it.each([
    ['v1.33.9', /\(v1.33.9\) is 4 minor versions behind/],
    ['v1.38.0', /\(v1.38.0\) is newer than/],
  ])('names the node only in words of its own: %s', (version, words) => {
    const nodes = [{ name: 'node-a', isReady: true, version }];
    const skew = versionSkew('v1.37.2', { nodes, now: NOW });
    expect(skew.message).toMatch(words);
    expect(skew.message).not.toContain('node-a');
    expect(skew.namingMessage).toMatch(words);
    expect(skew.namingMessage).toContain('The node node-a');
  });
});

describe('certificateExpiry', () => {
  const DAY = 24 * 60 * 60;

  it.each([
    [{}, 'unknown', undefined],
    [{ server: at(30 * DAY) }, 'healthy', at(30 * DAY)],
    [{ server: at(13 * DAY) }, 'degraded', at(13 * DAY)],
    [{ server: at(300 * DAY), credential: at(1) }, 'degraded', at(1)],
    [{ server: at(-1), credential: at(300 * DAY) }, 'unhealthy', at(-1)],
  ])('%j is %s', (expiries, status, expiresAt) => {
    expect(certificateExpiry(expiries, NOW)).toMatchObject({
      status,
      ...(expiresAt && { expiresAt }),
    });
  });
});
