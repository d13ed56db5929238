import { renderInTestApp } from '@backstage/frontend-test-utils';
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { fakeK8sApi, refusal } from '../__testUtils__/fakeK8sApi';
import type { Answer, SentRequest } from '../__testUtils__/fakeK8sApi';
import { k8sApiRef } from '../api/K8sApi';
import { K8sProvider } from '../data/K8sProvider';
import { unwrap } from '../data/unwrap';
import { PlanDialog } from './PlanDialog';
import type { PlannedChange } from './PlannedChange';

// A dialog takes seconds on a busy machine.
jest.setTimeout(30_000);

const ROUTE = '/clusters/{id}/deployments/{namespace}/{name}/scale';
const PLAN = {
  before: { spec: { replicas: 2 } },
  after: { spec: { replicas: 3 } },
  changes: [{ path: 'spec.replicas', before: 2, after: 3, owner: 'flux' }],
  warnings: ['autoscaler rules this'],
};

function changeOf(options: Partial<PlannedChange>): PlannedChange {
  const path = { id: 'eu', namespace: 'shop', name: 'payments' };
  const body = { replicas: 3 };
  return {
    title: 'Scale payments',
    verb: 'Scale',
    target: { cluster: { id: 'eu', name: 'prod-eu' }, name: 'payments' },
    input: body,
    dryRun: async ({ client }) =>
      unwrap(
        await client.POST(ROUTE, {
          params: { path, query: { dryRun: true } },
          body,
        }),
      ).plan,
    run: async ({ client }, { idempotencyKey }) => {
      const { status, reason } = unwrap(
        await client.POST(ROUTE, {
          params: { path, header: { 'Idempotency-Key': idempotencyKey } },
          body,
        }),
      );
      return { status: status as 'deployed', reason };
    },
    changes: [],
    ...options,
  };
}

async function open(
  change: Partial<PlannedChange>,
  run: (request: SentRequest) => Answer,
) {
  const fake = fakeK8sApi(request =>
    request.dryRun
      ? { body: { name: 'payments', status: 'planned', plan: PLAN } }
      : run(request),
  );
  const onClose = jest.fn();
  renderInTestApp(
    <K8sProvider>
      <PlanDialog change={changeOf(change)} onClose={onClose} />
    </K8sProvider>,
    { apis: [[k8sApiRef, fake.api]] },
  );
  await screen.findByRole('dialog');
  const runs = () => fake.sent.filter(({ dryRun }) => !dryRun);
  return { ...fake, runs, onClose };
}

const button = (name: string) => screen.findByRole('button', { name });

describe('PlanDialog', () => {
  it('shows what would change, whose fields they are and warnings, and does nothing by itself', async () => {
    const { runs } = await open({}, () => refusal(500, 'never'));
    expect(await screen.findByText('replicas: 3')).toBeInTheDocument();
    expect(screen.getByText(/field of flux/)).toBeInTheDocument();
    expect(screen.getByText('autoscaler rules this')).toBeInTheDocument();
    expect(runs()).toEqual([]);
  });

  it.each([
    ['deployed', undefined, 'Done. The new version is running.'],
    ['pending', 'waits for a node', 'waits for a node'],
    ['failed', 'image cannot be pulled', 'image cannot be pulled'],
  ])('tells of the outcome %s', async (status, reason, words) => {
    await open({}, () => ({ body: { name: 'payments', status, reason } }));
    await userEvent.click(await button('Scale'));
    expect(await screen.findByText(words)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Scale' })).toBeNull();
  });

  it('can not be confirmed while the dry run is refused, and says why', async () => {
    const fake = fakeK8sApi(() => refusal(400, 'replicas: must be positive'));
    renderInTestApp(
      <K8sProvider>
        <PlanDialog change={changeOf({})} onClose={() => {}} />
      </K8sProvider>,
      { apis: [[k8sApiRef, fake.api]] },
    );
    expect(
      await screen.findByText('replicas: must be positive'),
    ).toBeInTheDocument();
    expect(screen.getByText('It cannot be done like this')).toBeInTheDocument();
    expect(await button('Scale')).toBeDisabled();
  });

  it('tries the dry run again where no answer came', async () => {
    const answers: Answer[] = [
      refusal(503, 'The cluster does not answer'),
      { body: { name: 'payments', status: 'planned', plan: PLAN } },
    ];
    const fake = fakeK8sApi(() => answers.shift()!);
    renderInTestApp(
      <K8sProvider>
        <PlanDialog change={changeOf({})} onClose={() => {}} />
      </K8sProvider>,
      { apis: [[k8sApiRef, fake.api]] },
    );
    expect(
      await screen.findByText('What it would do could not be found out'),
    ).toBeInTheDocument();
    await userEvent.click(await button('Check again'));
    expect(await screen.findByText('replicas: 3')).toBeInTheDocument();
    expect(await button('Scale')).toBeEnabled();
  });

  it.each([
    ['destructive', { destructive: true }],
    [
      'on a protected cluster',
      {
        target: {
          cluster: { id: 'eu', name: 'prod-eu', protected: true },
          name: 'payments',
        },
      },
    ],
  ])('asks for the typed name when it is %s', async (_, change) => {
    const { runs } = await open(change, () => ({
      body: { name: 'payments', status: 'deployed' },
    }));
    const field = await screen.findByRole('textbox');
    expect(await button('Scale')).toBeDisabled();
    await waitFor(() => expect(field).toHaveFocus());
    await userEvent.keyboard('payment{Enter}');
    expect(await button('Scale')).toBeDisabled();
    await userEvent.keyboard('s{Enter}');
    await waitFor(() => expect(runs()).toHaveLength(1));
  });

  it('tries again with the same key while it is not known whether it was done', async () => {
    const answers: Answer[] = [
      'no connection',
      refusal(503, 'database away'),
      { body: { name: 'payments', status: 'deployed' } },
    ];
    const { runs } = await open({}, () => answers.shift()!);
    await userEvent.click(await button('Scale'));
    expect(await screen.findByText(/at most once/)).toBeInTheDocument();
    await userEvent.click(await button('Try again'));
    expect(await screen.findByText(/database away/)).toBeInTheDocument();
    await userEvent.click(await button('Try again'));
    expect(
      await screen.findByText('Done. The new version is running.'),
    ).toBeInTheDocument();
    const keys = runs().map(({ key }) => key);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys).size).toBe(1);
  });

  it('takes another key after a refusal, which is an answer', async () => {
    const { runs } = await open({}, () => refusal(409, 'changed by kubectl'));
    await userEvent.click(await button('Scale'));
    expect(await screen.findByText(/changed by kubectl/)).toBeInTheDocument();
    await userEvent.click(await button('Try again'));
    await waitFor(() => expect(runs()).toHaveLength(2));
    const [first, second] = runs();
    expect(first.key).not.toBe(second.key);
  });

  it('does nothing before the form is complete', async () => {
    function Form() {
      const [name, setName] = useState('');
      return (
        <PlanDialog
          onClose={() => {}}
          change={changeOf({
            incomplete: name ? undefined : 'Give a name',
            form: (
              <input
                aria-label="name"
                onChange={event => setName(event.target.value)}
              />
            ),
          })}
        />
      );
    }
    const fake = fakeK8sApi(() => ({
      body: { name: 'payments', status: 'planned', plan: PLAN },
    }));
    renderInTestApp(
      <K8sProvider>
        <Form />
      </K8sProvider>,
      { apis: [[k8sApiRef, fake.api]] },
    );
    const next = await button('Show what would change');
    expect(next).toBeDisabled();
    expect(screen.getByText('Give a name')).toBeInTheDocument();
    const field = screen.getByLabelText('name');
    expect(field).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    expect(fake.sent).toEqual([]);
    await userEvent.keyboard('a');
    expect(screen.queryByText('Give a name')).toBeNull();
    await userEvent.keyboard('{Enter}');
    expect(await screen.findByText('replicas: 3')).toBeInTheDocument();
    // Another Enter does not do what nobody has read yet.
    await waitFor(() => expect(screen.getByRole('group')).toHaveFocus());
    await userEvent.keyboard('{Enter}');
    expect(fake.sent.every(({ dryRun }) => dryRun)).toBe(true);
  });

  describe('on many clusters', () => {
    const EVERYWHERE_ROUTE =
      '/resources/{group}/{plural}/{namespace}/{name}/actions/{action}';
    const EU = { id: 'eu', name: 'prod-eu' };
    const US = { id: 'us', name: 'prod-us' };
    const PLANNED = { name: 'payments', status: 'planned', plan: PLAN };

    function everywhere(
      options: { isChosen?: boolean; isProtected?: string[] } = {},
    ): Partial<PlannedChange> {
      const path = {
        ...{ group: 'apps', plural: 'deployments', action: 'scale' as const },
        ...{ namespace: 'shop', name: 'payments' },
      };
      const body = { replicas: 3 };
      return {
        everywhere: {
          isChosen: options.isChosen ?? true,
          isProtected: cluster => !!options.isProtected?.includes(cluster),
          dryRun: async ({ client }) =>
            unwrap(
              await client.POST(EVERYWHERE_ROUTE, {
                params: { path, query: { cluster: 'id', dryRun: true } },
                body,
              }),
            ),
          run: async ({ client }, { cluster, idempotencyKey }) => {
            unwrap(
              await client.POST(EVERYWHERE_ROUTE, {
                params: {
                  ...{ path, query: { cluster } },
                  header: { 'Idempotency-Key': idempotencyKey },
                },
                body,
              }),
            );
            return { status: 'done' };
          },
        },
      };
    }

    function fakeAll(options: {
      page: ReactElement;
      plans?: object;
      run?: (request: SentRequest) => Answer | Promise<Answer>;
    }) {
      const { page, plans, run } = options;
      const body = plans ?? {
        items: [
          { cluster: EU, ...PLANNED },
          { cluster: US, ...PLANNED },
        ],
        errors: [],
      };
      const fake = fakeK8sApi(request => {
        if (!request.dryRun) {
          return run?.(request) ?? { body: { items: [], errors: [] } };
        }
        return request.route.includes('/resources/')
          ? { body }
          : { body: PLANNED };
      });
      renderInTestApp(<K8sProvider>{page}</K8sProvider>, {
        apis: [[k8sApiRef, fake.api]],
      });
      return fake;
    }

    async function openEverywhere(
      change: Partial<PlannedChange>,
      options: {
        plans?: object;
        run?: (request: SentRequest) => Answer | Promise<Answer>;
      } = {},
    ) {
      const page = <PlanDialog change={changeOf(change)} onClose={() => {}} />;
      const fake = fakeAll({ page, ...options });
      await screen.findByRole('dialog');
      const runs = () => fake.sent.filter(({ dryRun }) => !dryRun);
      return { ...fake, runs };
    }

    const clustersOf = (sent: SentRequest[]) =>
      sent.map(({ query }) => query.cluster).sort();

    it('shows what it would do on each, and does it where it is ticked', async () => {
      const { runs } = await openEverywhere(everywhere());
      await userEvent.click(
        await screen.findByRole('checkbox', { name: 'prod-eu' }),
      );
      expect(screen.getAllByText('1 field changes')).toHaveLength(2);
      expect(
        screen.getAllByRole('group', { name: /./ }).length,
      ).toBeGreaterThan(0);
      await userEvent.click(await button('Scale'));
      expect(await screen.findByText('done')).toBeInTheDocument();
      expect(clustersOf(runs())).toEqual(['us']);
      expect(screen.queryByText('prod-eu')).toBeNull();
    });

    it('shows what a deletion takes away on each, or that it may not be seen', async () => {
      const plan = {
        before: { data: { only: 'in eu' } },
        ...{ after: null, changes: [], warnings: [] },
      };
      const unseen = { name: 'payments', status: 'planned' };
      await openEverywhere(everywhere(), {
        plans: {
          items: [
            { cluster: EU, ...PLANNED, plan },
            { cluster: US, ...unseen },
          ],
          errors: [],
        },
      });
      expect(
        await screen.findByText('What would be deleted on prod-eu'),
      ).toBeInTheDocument();
      expect(screen.getByText('only: in eu')).toBeInTheDocument();
      expect(screen.getByText('is deleted')).toBeInTheDocument();
      expect(
        screen.getByText('would be done; you may not see the object'),
      ).toBeInTheDocument();
    });

    it('is not done where no cluster is ticked', async () => {
      const { runs } = await openEverywhere(everywhere());
      for (const name of ['prod-eu', 'prod-us']) {
        await userEvent.click(await screen.findByRole('checkbox', { name }));
      }
      expect(await button('Scale')).toBeDisabled();
      expect(runs()).toEqual([]);
    });

    it('says where it cannot be done and why, and where it is not', async () => {
      await openEverywhere(everywhere(), {
        plans: {
          items: [{ cluster: EU, ...PLANNED }],
          errors: [
            {
              cluster: US,
              error: 'This needs the role K8sOperator',
              status: 403,
            },
            {
              cluster: { id: 'ap', name: 'prod-ap' },
              ...{ error: 'no such deployment', status: 404 },
            },
          ],
        },
      });
      expect(
        await screen.findByText('This needs the role K8sOperator'),
      ).toBeInTheDocument();
      expect(screen.getByRole('checkbox', { name: 'prod-us' })).toBeDisabled();
      expect(screen.getByText(/Not on prod-ap/)).toBeInTheDocument();
      expect(screen.queryByRole('checkbox', { name: 'prod-ap' })).toBeNull();
    });

    it('tells of each cluster as it ends, and tries again only where it failed', async () => {
      let isAway = true;
      const { runs } = await openEverywhere(everywhere(), {
        run: ({ query }) =>
          query.cluster === 'us' && isAway
            ? refusal(503, 'The cluster does not answer')
            : { body: { items: [], errors: [] } },
      });
      await userEvent.click(await button('Scale'));
      expect(
        await screen.findByText(/It was not done on every cluster/),
      ).toBeInTheDocument();
      expect(screen.getByText('done')).toBeInTheDocument();
      expect(
        screen.getByText(/The cluster does not answer/),
      ).toBeInTheDocument();
      isAway = false;
      await userEvent.click(await button('Try again'));
      await waitFor(() => expect(screen.getAllByText('done')).toHaveLength(2));
      expect(clustersOf(runs())).toEqual(['eu', 'us', 'us']);
      const [first, second] = runs().filter(
        ({ query }) => query.cluster === 'us',
      );
      expect(second.key).toBe(first.key);
      const keys = new Set(runs().map(({ key }) => key));
      expect(keys.size).toBe(2);
    });

    it('tries again where it failed though the cluster of the page was seen anew meanwhile', async () => {
      let see: (lastSeen: string) => void = () => {};
      function Page() {
        const [lastSeen, setLastSeen] = useState('10:00');
        see = setLastSeen;
        const cluster = { ...EU, lastSeen };
        return (
          <PlanDialog
            change={changeOf({
              ...everywhere(),
              target: { cluster, name: 'payments' },
            })}
            onClose={() => {}}
          />
        );
      }
      let isAway = true;
      const { sent } = fakeAll({
        page: <Page />,
        run: ({ query }) =>
          query.cluster === 'us' && isAway
            ? refusal(503, 'The cluster does not answer')
            : { body: { items: [], errors: [] } },
      });
      await userEvent.click(await button('Scale'));
      await screen.findByText(/It was not done on every cluster/);
      isAway = false;
      act(() => see('10:01'));
      expect(screen.getByText('prod-us')).toBeInTheDocument();
      await userEvent.click(await button('Try again'));
      await waitFor(() => expect(screen.getAllByText('done')).toHaveLength(2));
      const runs = sent.filter(({ dryRun }) => !dryRun);
      expect(clustersOf(runs)).toEqual(['eu', 'us', 'us']);
      expect(sent.filter(({ dryRun }) => dryRun)).toHaveLength(1);
    });

    it('is made on a few clusters at a time, and on all of them', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `c${index}`);
      const held: (() => void)[] = [];
      let most = 0;
      const { runs } = await openEverywhere(everywhere(), {
        plans: {
          items: ids.map(id => ({ cluster: { id, name: id }, ...PLANNED })),
          errors: [],
        },
        run: async () => {
          await new Promise<void>(resolve => {
            held.push(resolve);
            most = Math.max(most, held.length);
          });
          return { body: { items: [], errors: [] } };
        },
      });
      await userEvent.click(await button('Scale'));
      for (let done = 0; done < ids.length; done++) {
        await waitFor(() => expect(held).not.toEqual([]));
        held.shift()!();
      }
      await waitFor(() => expect(screen.getAllByText('done')).toHaveLength(20));
      expect(clustersOf(runs())).toEqual([...ids].sort());
      expect(most).toBe(8);
    });

    it('asks for the typed name when one of the ticked clusters is protected', async () => {
      await openEverywhere(everywhere({ isProtected: ['us'] }));
      await screen.findByRole('textbox');
      expect(await button('Scale')).toBeDisabled();
      await userEvent.click(screen.getByRole('checkbox', { name: 'prod-us' }));
      expect(screen.queryByRole('textbox')).toBeNull();
      expect(await button('Scale')).toBeEnabled();
    });

    it('is offered, and not done by itself', async () => {
      const { sent } = await openEverywhere(everywhere({ isChosen: false }));
      expect(await screen.findByText('replicas: 3')).toBeInTheDocument();
      expect(screen.queryByRole('checkbox')).toBeNull();
      expect(sent).toHaveLength(1);
      await userEvent.click(
        screen.getByRole('switch', { name: 'On all clusters that have it' }),
      );
      expect(await screen.findAllByRole('checkbox')).toHaveLength(2);
    });
  });
});
