import { pod } from '../../workloads/__fixtures__/workloadObjects';
import { MemoryPart } from '../../workloads/__fixtures__/MemoryPart';
import { nodesView } from '../../views/viewQueries';
import { readView } from './readView';
import type { ViewUpdate } from './readView';
import { VIEWS } from './viewTable';

const node = { metadata: { name: 'n', uid: 'n' } };
const busy = (name: string, more: { node?: string; phase?: string } = {}) => {
  const { node: nodeName = 'n', phase } = more;
  const containers = [{ name: 'a', resources: { requests: { cpu: '100m' } } }];
  return pod({ name, spec: { nodeName, containers }, ...(phase && { phase }) });
};

function open(pods: MemoryPart) {
  const sources = { nodes: new MemoryPart([node]), pods };
  const end = new AbortController();
  const updates = readView(VIEWS.nodes, {
    ...{ cluster: 'c', signal: end.signal },
    parts: {
      nodes: {
        query: nodesView({ cluster: 'c' }).parts.nodes,
        source: sources.nodes,
      },
      pods: { query: nodesView({ cluster: 'c' }).parts.pods, source: pods },
    },
  });
  const next = async () => {
    const { value } = await updates.next();
    const { upserted, deleted } = value as ViewUpdate;
    return {
      rows: upserted.map(({ json }) => JSON.parse(json)),
      deleted,
    };
  };
  return { sources, end, next };
}

describe('the view of nodes', () => {
  it('sums what pods ask for, without finished and unscheduled ones', async () => {
    const pods = new MemoryPart([
      busy('one'),
      busy('two'),
      busy('done', { phase: 'Succeeded' }),
      busy('elsewhere', { node: 'm' }),
      pod({ name: 'waits', spec: { containers: [] } }),
    ]);
    const { next, end } = open(pods);
    const [row] = (await next()).rows;
    expect(row.requested).toEqual({ cpu: 0.2, memory: 0, pods: 2 });
    pods.unset(busy('one'));
    expect((await next()).rows[0].requested).toMatchObject({ cpu: 0.1 });
    pods.set(busy('two', { phase: 'Succeeded' }));
    expect((await next()).rows[0].requested).toMatchObject({ cpu: 0, pods: 0 });
    end.abort();
  });

  it('sums anew when everything is read again, and tells which nodes are gone', async () => {
    const pods = new MemoryPart([busy('one')]);
    const { next, sources, end } = open(pods);
    expect((await next()).rows[0].requested).toMatchObject({ pods: 1 });
    pods.find([busy('one'), busy('two')]);
    expect((await next()).rows[0].requested).toMatchObject({ pods: 2 });
    sources.nodes.unset(node);
    expect(await next()).toEqual({ rows: [], deleted: ['n'] });
    end.abort();
  });

  it('says nothing of what cannot be known', async () => {
    const { next, end } = open(new MemoryPart([], new Error('not to be seen')));
    const [row] = (await next()).rows;
    expect(row.name).toBe('n');
    expect(row).not.toHaveProperty('requested');
    end.abort();
  });

  it('goes on without pods while there is no room for them', async () => {
    const pods = new MemoryPart([busy('one')]);
    const { next, sources, end } = open(pods);
    expect((await next()).rows[0].requested).toMatchObject({ pods: 1 });
    pods.drop(new Error('no memory left'));
    const [without] = (await next()).rows;
    expect(without.name).toBe('n');
    expect(without).not.toHaveProperty('requested');
    expect(pods.listeners).toBe(0);
    sources.nodes.set({ metadata: { name: 'm', uid: 'm' } });
    expect((await next()).rows.map(({ name }) => name)).toEqual(['m']);
    end.abort();
  });

  it('has pods again that are kept again, and shows the nodes until they are read', async () => {
    jest.useFakeTimers();
    try {
      const pods = new MemoryPart([busy('one')]);
      pods.drop(new Error('no memory left'));
      const { next, sources, end } = open(pods);
      const told = async () => {
        const update = next();
        await jest.advanceTimersByTimeAsync(6_000);
        return (await update).rows;
      };
      expect((await told())[0]).not.toHaveProperty('requested');
      pods.keep();
      sources.nodes.set({ metadata: { name: 'm', uid: 'm' } });
      expect(await told()).toMatchObject([{ name: 'm' }]);
      await jest.advanceTimersByTimeAsync(6_000);
      expect(pods.listeners).toBe(1);
      pods.find([busy('one'), busy('two')]);
      expect(await told()).toMatchObject([
        { name: 'n', requested: { pods: 2 } },
        { name: 'm', requested: { pods: 0 } },
      ]);
      end.abort();
    } finally {
      jest.useRealTimers();
    }
  });

  it('ends with its nodes', async () => {
    const { next, sources } = open(new MemoryPart([]));
    await next();
    sources.nodes.drop(new Error('no memory left'));
    await expect(next()).rejects.toThrow('no memory left');
  });
});
