import {
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  k8sResourceReadPermission,
  k8sTerminalOpenPermission,
} from '@backstage-k8s/plugin-k8s-common';
import type { ResourceReader } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import { ReadGuard } from '../access/ReadGuard';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { AuditIntent, AuditLog } from '../audit/AuditLog';
import { ResourceFilters } from '../extensions/ResourceFilters';
import { requestContext } from '../router/__testUtils__/requestContext';
import { AuditedPodTerminals } from './AuditedPodTerminals';
import { AuthorizedPodTerminals } from './AuthorizedPodTerminals';
import { LivePodTerminals } from './LivePodTerminals';
import type { PodTerminals, Terminal, TerminalEnd } from './PodTerminals';

const PLACE = {
  cluster: 'c1',
  namespace: 'shop',
  pod: 'box',
  container: 'main',
  command: ['sh'],
};
const clusters: VisibleClusters = {
  get: async id => {
    if (id !== 'c1') throw new NotFoundError(`There is no cluster ${id}`);
    return { id, name: 'dev-eu', labels: {} };
  },
  list: async () => [],
};

/** A terminal that a test ends. */
class FakeTerminal implements Terminal {
  readonly written: string[] = [];
  readonly ended: Promise<TerminalEnd>;
  #settle: (end: TerminalEnd) => void = () => {};
  constructor() {
    this.ended = new Promise(resolve => {
      this.#settle = resolve;
    });
  }
  write(data: Uint8Array) {
    this.written.push(Buffer.from(data).toString());
  }
  resize() {}
  pause() {}
  resume() {}
  end(end: TerminalEnd) {
    this.#settle(end);
  }
}

function fakeTerminals() {
  const terminal = new FakeTerminal();
  const terminals = {
    prepare: jest.fn(async () => PLACE),
    open: jest.fn(async () => terminal),
  };
  return { terminal, terminals: terminals as typeof terminals & PodTerminals };
}

const options = () => ({
  context: requestContext(),
  id: 't1',
  size: { columns: 80, rows: 24 },
  onOutput: () => {},
});

describe('authorized', () => {
  const may = new Set<string>();
  const access = {
    allowsResource: async ({ name }: { name: string }) => may.has(name),
    refusal: () => 'This needs the role K8sAdmin',
  } as unknown as AccessControl;
  const criteria = jest.fn();
  const filters = [{ name: 'turns', criteria }];
  const narrowings = [new ResourceFilters({ filters, clusters })];
  const of = (terminals: PodTerminals) =>
    new AuthorizedPodTerminals({
      ...{ terminals, access, clusters, recheckMs: 5 },
      rules: { allowUse: async ({ subresource }) => may.has(subresource) },
      guard: new ReadGuard({ access, clusters, narrowings }),
    });
  const both = [k8sResourceReadPermission, k8sTerminalOpenPermission];

  beforeEach(() => {
    may.clear();
    may.add('exec');
    criteria.mockReset();
    criteria.mockResolvedValue('all');
  });

  it.each([
    ['nothing', [], NotFoundError],
    ['only the pod', [k8sResourceReadPermission], NotAllowedError],
    // What may not be seen is not there, whatever else one may.
    ['only terminals', [k8sTerminalOpenPermission], NotFoundError],
  ])('refuses whom sees %s', async (_, permissions, error) => {
    permissions.forEach(({ name }) => may.add(name));
    const { terminals } = fakeTerminals();
    const { context } = options();
    await expect(of(terminals).prepare(PLACE, { context })).rejects.toThrow(
      error,
    );
    await expect(of(terminals).open(PLACE, options())).rejects.toThrow(error);
    expect(terminals.prepare).not.toHaveBeenCalled();
    expect(terminals.open).not.toHaveBeenCalled();
  });

  it('answers a pod that may not be seen like one of a cluster’s that is not there', async () => {
    const { context } = options();
    const { terminals } = fakeTerminals();
    await expect(
      of(terminals).prepare({ ...PLACE, cluster: 'c2' }, { context }),
    ).rejects.toThrow('There is no cluster c2');
  });

  it('refuses whom the rules of the cluster refuse, and ends when they change', async () => {
    both.forEach(({ name }) => may.add(name));
    const { terminals } = fakeTerminals();
    const opened = await of(terminals).open(PLACE, options());
    may.delete('exec');
    await expect(opened.ended).resolves.toEqual({ reason: 'accessLost' });
    await expect(of(terminals).open(PLACE, options())).rejects.toThrow(
      /rules of the cluster/,
    );
  });

  it('ends a terminal when the right is taken away', async () => {
    both.forEach(({ name }) => may.add(name));
    const { terminals } = fakeTerminals();
    const opened = await of(terminals).open(PLACE, options());
    may.delete(k8sTerminalOpenPermission.name);
    await expect(opened.ended).resolves.toEqual({ reason: 'accessLost' });
  });

  it('ends a terminal when a filter hides its pod', async () => {
    both.forEach(({ name }) => may.add(name));
    const { terminals } = fakeTerminals();
    const opened = await of(terminals).open(PLACE, options());
    criteria.mockResolvedValue('none');
    await expect(opened.ended).resolves.toEqual({ reason: 'accessLost' });
  });

  it('opens no place that was prepared before a filter hid its pod', async () => {
    both.forEach(({ name }) => may.add(name));
    const { terminals } = fakeTerminals();
    const { context } = options();
    const place = await of(terminals).prepare(PLACE, { context });
    criteria.mockResolvedValue('none');
    await expect(of(terminals).open(place, options())).rejects.toThrow(
      NotFoundError,
    );
    expect(terminals.open).not.toHaveBeenCalled();
  });
});

describe('audited', () => {
  const kept: AuditIntent[] = [];
  let outcome: string | undefined;
  let fails: 'change' | 'record' | undefined;
  const audit: AuditLog = {
    change: async (intent, _, work) => {
      if (fails === 'change') throw new ServiceUnavailableError('away');
      kept.push(intent);
      try {
        const value = await work(() => {});
        outcome = 'succeeded';
        return value;
      } catch (error) {
        outcome = (error as Error).name;
        throw error;
      }
    },
    record: async intent => {
      if (fails === 'record') throw new ServiceUnavailableError('away');
      kept.push(intent);
    },
    refused: async () => {},
  };
  const of = (terminals: PodTerminals) =>
    new AuditedPodTerminals({ terminals, audit, clusters, flushMs: 5 });

  beforeEach(() => {
    kept.length = 0;
    outcome = undefined;
    fails = undefined;
  });

  it('opens nothing when the intent cannot be written', async () => {
    fails = 'change';
    const { terminals } = fakeTerminals();
    await expect(of(terminals).open(PLACE, options())).rejects.toThrow('away');
    expect(terminals.open).not.toHaveBeenCalled();
  });

  it('passes on why a terminal was refused', async () => {
    const { terminals } = fakeTerminals();
    terminals.open.mockRejectedValue(new NotAllowedError('no'));
    await expect(of(terminals).open(PLACE, options())).rejects.toThrow('no');
    expect(outcome).toBe('NotAllowedError');
  });

  it('has an entry while it is open, what was typed, and its end last', async () => {
    const { terminals, terminal } = fakeTerminals();
    const opened = await of(terminals).open(PLACE, options());
    expect(outcome).toBeUndefined();
    opened.write(Buffer.from('ls\r'));
    expect(terminal.written).toEqual(['ls\r']);
    opened.end({ reason: 'closed' });
    await opened.ended;
    while (outcome === undefined) {
      await new Promise(resolve => {
        setTimeout(resolve, 5);
      });
    }
    expect(outcome).toBe('succeeded');
    expect(kept).toMatchObject([
      {
        action: 'terminal.open',
        cluster: { id: 'c1', name: 'dev-eu' },
        resource: { plural: 'pods', namespace: 'shop', name: 'box' },
        details: { terminal: 't1', container: 'main', command: ['sh'] },
      },
      {
        action: 'terminal.input',
        details: { terminal: 't1', part: 1, typed: ['ls\n'] },
      },
    ]);
  });

  it('ends a terminal whose typing cannot be kept', async () => {
    const { terminals } = fakeTerminals();
    const opened = await of(terminals).open(PLACE, options());
    fails = 'record';
    opened.write(Buffer.from('unseen\r'));
    await expect(opened.ended).resolves.toEqual({ reason: 'auditFailed' });
  });
});

describe('live', () => {
  const live = (pod: object) =>
    new LivePodTerminals({
      connections: {
        get: async () => {
          throw new Error('Nothing is opened');
        },
      },
      reader: {
        get: async () => ({
          object: { metadata: { name: 'box' }, ...pod },
          cache: { state: 'live' },
        }),
      } as unknown as ResourceReader,
    });
  const spec = {
    containers: [{ name: 'main' }, { name: 'beside' }],
    ephemeralContainers: [{ name: 'debug' }],
  };
  const { container: _, command: __, ...place } = PLACE;
  const prepare = (pod: object, more: object = {}) =>
    live(pod).prepare({ ...place, ...more }, { context: requestContext() });

  it('takes the first container and a shell where nothing else is said', async () => {
    const prepared = await prepare({ spec });
    expect(prepared.container).toBe('main');
    expect(prepared.command[0]).toBe('sh');
  });

  it('takes the container that the pod names as its default', async () => {
    const metadata = {
      name: 'box',
      annotations: { 'kubectl.kubernetes.io/default-container': 'beside' },
    };
    const prepared = await prepare({ spec, metadata });
    expect(prepared.container).toBe('beside');
  });

  it('takes any container that the pod has', async () => {
    const prepared = await prepare({ spec }, { container: 'debug' });
    expect(prepared.container).toBe('debug');
  });

  it.each([
    ['a container that the pod does not have', { spec }, { container: 'x' }],
    ['a pod without containers', {}, {}],
    ['a pod that has ended', { spec, status: { phase: 'Succeeded' } }, {}],
  ])('refuses %s', async (_name, pod, more) => {
    await expect(prepare(pod, more)).rejects.toMatchObject({
      name: 'InputError',
    });
  });
});
