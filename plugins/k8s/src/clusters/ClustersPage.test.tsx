import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import type { FakeAnswer } from '../__testUtils__/fakeK8sApi';
import { ClustersPage } from './ClustersPage';

// A page with all its parts takes seconds on a busy machine.
jest.setTimeout(30_000);

type Cluster = Schema<'Cluster'>;
type Status = Schema<'InstallationStatus'>;

const clusterOf = (name: string, part: Partial<Cluster> = {}): Cluster => ({
  id: name,
  name,
  status: 'healthy',
  labels: {},
  protected: false,
  createdAt: '2026-01-01T00:00:00Z',
  ...part,
});

const STATUS: Status = {
  user: { ref: 'user:default/viewer' },
  permission: 'enabled',
  encryption: 'configured',
  developmentClusters: [],
};

function show(options: {
  clusters: Cluster[] | FakeAnswer;
  status?: Partial<Status>;
  path?: string;
  allowed?: boolean;
}) {
  const { clusters, status, path = '/', allowed = true } = options;
  const api = fakeK8sApi(
    {
      'GET /clusters': () =>
        Array.isArray(clusters) ? { body: { clusters } } : clusters,
      'GET /status': () => ({ body: { ...STATUS, ...status } }),
    },
    { access: allowed ? undefined : { allowed: false, role: 'K8sAdmin' } },
  );
  renderInTestApp(
    <K8sProvider>
      <ClustersPage />
    </K8sProvider>,
    { apis: [[k8sApiRef, api]], initialRouteEntries: [path] },
  );
  return api;
}

const names = () =>
  screen
    .getAllByRole('row')
    .filter(row => row.hasAttribute('data-row'))
    .map(row => within(row).getAllByRole('cell')[0].textContent);

describe('ClustersPage', () => {
  it('says first which clusters are in trouble, why and for how long', async () => {
    show({
      clusters: [
        clusterOf('well'),
        clusterOf('away', {
          status: 'unreachable',
          statusReason: 'no answer within 5 s',
          statusSince: new Date(Date.now() - 4 * 60_000).toISOString(),
        }),
      ],
    });
    const strip = await screen.findByRole('region', {
      name: 'Needs attention',
    });
    expect(strip).toHaveTextContent('away');
    expect(strip).toHaveTextContent('no answer within 5 s');
    expect(strip).toHaveTextContent('4 min');
    expect(strip).not.toHaveTextContent('well');
  });

  it('filters, groups and sorts as the address says', async () => {
    show({
      path: '/?status=healthy&group=environment&sort=-name',
      clusters: [
        clusterOf('a', { labels: { environment: 'production' } }),
        clusterOf('b', { labels: { environment: 'production' } }),
        clusterOf('c'),
        clusterOf('d', { status: 'degraded' }),
      ],
    });
    await waitFor(() => expect(names()).toEqual(['c', 'b', 'a']));
    expect(screen.getByText('production (2)')).toBeInTheDocument();
    expect(screen.getByText('without environment (1)')).toBeInTheDocument();
  });

  it('finds by what is typed, by keyboard alone', async () => {
    show({
      clusters: [
        clusterOf('one', { labels: { region: 'eu' } }),
        clusterOf('two', { labels: { region: 'us' } }),
      ],
    });
    await waitFor(() => expect(names()).toEqual(['one', 'two']));
    await userEvent.keyboard('f');
    await userEvent.keyboard('region=us');
    await waitFor(() => expect(names()).toEqual(['two']));
    await userEvent.keyboard('{Enter}');
    expect(document.activeElement).toHaveTextContent('two');
    expect(document.activeElement?.tagName).toBe('TR');
  });

  it('goes from row to row by j and k', async () => {
    show({ clusters: [clusterOf('one'), clusterOf('two')] });
    await waitFor(() => expect(names()).toEqual(['one', 'two']));
    const at = () => document.activeElement?.querySelector('a')?.textContent;
    const walked = [];
    for (const key of ['j', 'j', 'j', 'k']) {
      await userEvent.keyboard(key);
      walked.push(at());
    }
    expect(walked).toEqual(['one', 'two', 'two', 'one']);
  });

  it('shows clusters that are still being built, until they are registered', async () => {
    show({
      clusters: [clusterOf('dev-eu')],
      status: {
        developmentClusters: [
          { name: 'dev-eu', state: 'registering' },
          { name: 'dev-us', state: 'building', message: 'compiling, 3 min' },
        ],
      },
    });
    await waitFor(() => expect(names()).toEqual(['dev-eu', 'dev-us']));
    expect(screen.getByText('being built')).toBeInTheDocument();
    expect(
      screen.getByText('On their way: dev-us').closest('[role="status"]'),
    ).toHaveTextContent('compiling, 3 min');
  });

  it('says what is wrong with the installation and where to set it right', async () => {
    show({
      clusters: [clusterOf('a')],
      status: { encryption: 'missing', permission: 'disabled' },
    });
    expect(await screen.findByText(/k8s.encryption.keys/)).toBeInTheDocument();
    expect(screen.getByText(/permission.enabled/)).toBeInTheDocument();
  });

  it('leads to registering when there is nothing yet, and says who may', async () => {
    show({ clusters: [], allowed: false });
    expect(
      await screen.findByText('No cluster is registered yet'),
    ).toBeInTheDocument();
    const button = screen.getByRole('button', { name: 'Register cluster' });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('says what failed and tries again', async () => {
    const api = show({
      clusters: {
        status: 404,
        error: { name: 'NotFoundError', message: 'no such thing' },
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('no such thing');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() =>
      expect(
        api.sent.filter(({ route }) => route === 'GET /clusters'),
      ).toHaveLength(2),
    );
  });
});
