import type { Entity } from '@backstage/catalog-model';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import type { ServiceDeployments } from '@backstage-k8s/plugin-k8s-react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import { ServiceTab } from './ServiceTab';

// A page with all its parts takes seconds on a busy machine.
jest.setTimeout(30_000);

type Detail = Schema<'ServiceDeployment'>;

const ENTITY: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'payments',
    annotations: { 'backstage.io/kubernetes-id': 'payments' },
  },
};

const revisionOf = (revision: number, current: boolean, ready: number) => ({
  revision,
  current,
  ready,
  replicas: ready,
  createdAt: '2026-01-01T00:00:00Z',
  containers: [{ name: 'app', image: `shop/payments:1.${revision}` }],
});

const withTemplate = (revision: number) => ({
  ...revisionOf(revision, revision === 2, 0),
  template: { spec: { image: `shop/payments:1.${revision}` } },
});

const detailOf = (cluster: string, part: Partial<Detail> = {}): Detail => ({
  cluster,
  name: 'payments',
  namespace: 'shop',
  replicas: 2,
  ready: 2,
  updated: 2,
  available: 2,
  containers: [{ name: 'app', image: 'shop/payments:1.2' }],
  rollout: { state: 'complete' },
  createdAt: '2026-01-01T00:00:00Z',
  revisions: [revisionOf(2, true, 2), revisionOf(1, false, 0)],
  pods: [],
  events: [],
  cache: { state: 'live' },
  ...part,
});

const STUCK: Partial<Detail> = {
  ready: 1,
  rollout: {
    state: 'stuck',
    reason: 'The image cannot be pulled: 403 from the registry.',
    advice: 'Check the pull secret.',
  },
  revisions: [revisionOf(2, true, 0), revisionOf(1, false, 1)],
};

const askedOf = (id: string, cache: Schema<'CacheState'>) => ({
  id,
  name: `cluster ${id}`,
  labels: { environment: id === 'eu' ? 'production' : 'staging' },
  status: 'healthy' as const,
  cache,
});

const LIVE = { state: 'live' as const };

function show(
  service: Partial<ServiceDeployments>,
  options: { entity?: Entity; allowed?: boolean } = {},
) {
  const { entity = ENTITY, allowed = true } = options;
  const api = fakeK8sApi(
    {
      'GET /clusters': () => ({ body: { clusters: [] } }),
      'GET /deployments': () => ({
        body: {
          items: [],
          clusters: [askedOf('eu', LIVE), askedOf('us', LIVE)],
          errors: [],
          ...service,
        },
      }),
      'GET /clusters/eu/resources/apps/deployments/shop/payments/revisions':
        () => ({ body: { revisions: [withTemplate(2), withTemplate(1)] } }),
      'POST /clusters/us/deployments/shop/payments/rollback': ({ query }) => ({
        body: {
          success: true,
          plan: query.dryRun && {
            before: { image: 'shop/payments:1.2' },
            after: { image: 'shop/payments:1.1' },
            changes: [],
            warnings: [],
          },
        },
      }),
    },
    { access: allowed ? undefined : { allowed: false, role: 'K8sOperator' } },
  );
  renderInTestApp(
    <EntityProvider entity={entity}>
      <K8sProvider>
        <ServiceTab />
      </K8sProvider>
    </EntityProvider>,
    { apis: [[k8sApiRef, api]] },
  );
  return api;
}

describe('ServiceTab', () => {
  it('opens with the deployment in trouble: why, what still serves, and what to do', async () => {
    show({ items: [detailOf('eu'), detailOf('us', STUCK)] });
    const section = await screen.findByRole('region', {
      name: 'shop/payments on cluster us',
    });
    expect(section).toHaveTextContent('1 of 2 ready, still on 1.1');
    expect(section).toHaveTextContent('403 from the registry');
    expect(section).toHaveTextContent('Check the pull secret');
    const table = screen.getByRole('table', {
      name: 'Deployments of this service',
    });
    const [, first, second] = within(table).getAllByRole('row');
    expect(first).toHaveTextContent('1.1 → 1.2');
    expect(second).toHaveTextContent('cluster eu');
  });

  it('rolls back only after it has shown what differs', async () => {
    const api = show({ items: [detailOf('us', STUCK)] });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back to 1.1' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      await within(dialog).findByText(/shop\/payments:1\.1/),
    ).toBeInTheDocument();
    const posts = () =>
      api.sent.filter(({ route }) => route.startsWith('POST'));
    expect(posts().map(({ query }) => query.dryRun)).toEqual(['true']);
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Roll back to 1.1' }),
    );
    await waitFor(() => expect(posts()).toHaveLength(2));
    expect(posts()[1].body).toEqual({ revision: 1 });
    expect(posts()[1].headers.get('Idempotency-Key')).toBeTruthy();
  });

  it('asks to which revision where none is known to work', async () => {
    const api = show({ items: [detailOf('us')] });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      within(dialog).getByRole('button', { name: 'Show what would change' }),
    ).toBeDisabled();
    expect(api.sent.some(({ route }) => route.startsWith('POST'))).toBe(false);
  });

  it('compares two revisions', async () => {
    show({ items: [detailOf('eu')] });
    const boxes = await screen.findAllByRole('checkbox');
    await userEvent.click(boxes[0]);
    expect(
      screen.queryByRole('group', { name: 'What would change' }),
    ).toBeNull();
    await userEvent.click(boxes[1]);
    const diff = await screen.findByRole('group', {
      name: 'What would change',
    });
    expect(diff).toHaveTextContent(/removed.*payments:1\.1/);
    expect(diff).toHaveTextContent(/added.*payments:1\.2/);
  });

  it('shows what is not allowed as such', async () => {
    show({ items: [detailOf('us', STUCK)] }, { allowed: false });
    const actions = await screen.findByRole('group', {
      name: 'What you can do',
    });
    const buttons = within(actions).getAllByRole('button');
    expect(buttons).toHaveLength(5);
    for (const button of buttons) {
      expect(button).toHaveAttribute('aria-disabled', 'true');
    }
    await userEvent.click(buttons[0]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says of one cluster alone that it does not answer, or how old its data is', async () => {
    const asOf = new Date(Date.now() - 5 * 60_000).toISOString();
    show({
      items: [detailOf('eu'), detailOf('us', STUCK)],
      clusters: [
        askedOf('eu', LIVE),
        askedOf('us', { state: 'stale', asOf, message: 'no answer' }),
      ],
      errors: [
        { cluster: { id: 'asia', name: 'asia' }, error: 'connection refused' },
      ],
    });
    expect(
      await screen.findByText('asia could not say what runs there'),
    ).toBeInTheDocument();
    expect(screen.getByText('connection refused')).toBeInTheDocument();
    expect(screen.getByText(/cluster us does not answer/)).toHaveTextContent(
      '5 min ago',
    );
    const old = screen.getByRole('row', { name: /cluster us/ });
    expect(old).toHaveTextContent('5 min ago: stuck');
    const row = screen.getByRole('row', { name: /cluster eu/ });
    expect(row).not.toHaveTextContent('5 min');
    await userEvent.click(row);
    await waitFor(() =>
      expect(screen.queryByText(/cluster us does not answer/)).toBeNull(),
    );
  });

  it('does not say that all is well of what it cannot know', async () => {
    const asOf = new Date(Date.now() - 5 * 60_000).toISOString();
    show({
      items: [detailOf('eu')],
      clusters: [askedOf('eu', { state: 'stale', asOf })],
    });
    expect(
      await screen.findByText(/cluster eu does not answer/),
    ).toBeInTheDocument();
    expect(screen.queryByText(/All is well/)).toBeNull();
    expect(screen.queryByText('complete')).toBeNull();
  });

  it('has the labels ready when nothing runs', async () => {
    show({});
    expect(
      await screen.findByText(/backstage\.io\/kubernetes-id: payments/),
    ).toHaveTextContent('labels:');
  });
});
