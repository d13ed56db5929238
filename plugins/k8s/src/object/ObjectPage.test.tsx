import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { Kind, ResourceRow } from '@backstage-k8s/plugin-k8s-common';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes, useLocation } from 'react-router-dom';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import type { FakeRoutes } from '../__testUtils__/fakeK8sApi';
import type { ClusterDetail } from '../cluster/ClusterDetail';
import type { YamlCodeProps } from './YamlCode';
import { ObjectPage } from './ObjectPage';

// The editor measures what a test's document has not; what matters here is what goes in and out.
jest.mock('./YamlCode', () => ({
  __esModule: true,
  default: ({ label, value, onChange, readOnly, problems }: YamlCodeProps) => (
    <>
      <textarea
        aria-label={label}
        value={value}
        readOnly={readOnly}
        onChange={event => onChange?.(event.target.value)}
      />
      <ul aria-label="problems">
        {problems?.map(({ from, message }) => (
          <li key={from + message}>{message}</li>
        ))}
      </ul>
    </>
  ),
}));

// A page with all its parts takes seconds on a busy machine.
jest.setTimeout(60_000);

const SOON = { timeout: 10_000 };

const CLUSTER: ClusterDetail = {
  id: 'eu',
  name: 'prod-eu',
  status: 'healthy',
  labels: {},
  protected: false,
  createdAt: '2026-01-01T00:00:00Z',
  nodes: [],
  server: 'https://eu:6443',
  authentication: { type: 'token' },
  cache: { state: 'live' },
};

const WIDGETS: Kind = {
  group: 'example.org',
  version: 'v1',
  versions: ['v1'],
  plural: 'widgets',
  kind: 'Widget',
  namespaced: true,
  category: 'custom',
  custom: true,
  verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
  shortNames: [],
  actions: ['scale', 'pause', 'resume'],
  columns: [{ id: 'size', title: 'Size', type: 'number' }],
};

const METADATA = {
  name: 'one',
  namespace: 'shop',
  uid: 'u1',
  resourceVersion: '7',
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels: { app: 'one', team: 'shop' },
  annotations: { note: '<b>bold</b>' },
  ownerReferences: [
    { apiVersion: 'example.org/v1', kind: 'Widget', name: 'boss', uid: 'u0' },
  ],
  managedFields: [{ manager: 'kubectl' }],
};

const OBJECT = {
  apiVersion: 'example.org/v1',
  kind: 'Widget',
  metadata: METADATA,
  spec: { size: 3, replicas: 2 },
  status: {
    conditions: [
      { type: 'Known', status: 'True' },
      { type: 'Ready', status: 'False', message: 'no power' },
    ],
  },
};

const ROW: ResourceRow = {
  cluster: 'eu',
  namespace: 'shop',
  name: 'one',
  uid: 'u1',
  resourceVersion: '7',
  createdAt: '2026-01-01T00:00:00Z',
  health: { state: 'degraded', word: 'NotReady', reason: 'There is no power.' },
  cells: [3],
};

const BASE = '/clusters/eu/resources/example.org/widgets/shop/one';
const cache = { state: 'live' };
const SCHEMA = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        replicas: { type: 'integer' },
      },
    },
    status: { type: 'object' },
  },
};

function Address() {
  const { pathname, search } = useLocation();
  return <output aria-label="address">{pathname + search}</output>;
}

function show(
  options: {
    tab?: string;
    routes?: FakeRoutes;
    row?: Partial<ResourceRow>;
    object?: object;
    allowed?: boolean;
  } = {},
) {
  const { tab = '', allowed } = options;
  const api = fakeK8sApi(
    {
      'GET /clusters/eu/kinds': () => ({ body: { kinds: [WIDGETS], cache } }),
      'GET /clusters/eu/kinds/example.org/widgets/schema': () => ({
        body: { schema: SCHEMA },
      }),
      [`GET ${BASE}`]: () => ({
        body: {
          object: { ...OBJECT, ...options.object },
          columns: WIDGETS.columns,
          row: { ...ROW, ...options.row },
          owners: [],
          cache,
        },
      }),
      ...options.routes,
    },
    {
      access: allowed === false ? { allowed, role: 'K8sOperator' } : undefined,
    },
  );
  renderInTestApp(
    <K8sProvider>
      <Address />
      <Routes>
        <Route
          path="/k8s/clusters/eu/object/:group/:plural/:namespace/:name/:tab?"
          element={<ObjectPage cluster={CLUSTER} />}
        />
      </Routes>
    </K8sProvider>,
    {
      apis: [[k8sApiRef, api]],
      initialRouteEntries: [
        `/k8s/clusters/eu/object/example.org/widgets/shop/one/${tab}`,
      ],
    },
  );
  return api;
}

const button = (name: string) => screen.findByRole('button', { name }, SOON);

describe('ObjectPage', () => {
  it('says first what is wrong, then what is known', async () => {
    show();
    expect(
      await screen.findByText('There is no power.', {}, SOON),
    ).toBeVisible();
    expect(screen.getByText('Size').nextSibling).toHaveTextContent('3');
    // Trouble first, in words.
    const conditions = within(screen.getByRole('table', { name: 'Conditions' }))
      .getAllByRole('row')
      .slice(1)
      .map(({ textContent }) => textContent);
    expect(conditions[0]).toMatch(/^Readydoes not hold.*no power/);
    expect(conditions[1]).toMatch(/^Knownholds/);
    // What others write is text and nothing else.
    expect(screen.getByText('<b>bold</b>')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Widget boss' })).toHaveAttribute(
      'href',
      '/k8s/clusters/eu/object/example.org/widgets/shop/boss',
    );
  });

  it('says that it is being deleted, and what for it waits', async () => {
    show({
      row: { deleting: true },
      object: {
        metadata: {
          ...METADATA,
          deletionTimestamp: '2026-01-02T00:00:00Z',
          finalizers: ['example.org/keep'],
        },
      },
    });
    expect(
      await screen.findByText(/waits for: example.org\/keep/, {}, SOON),
    ).toBeInTheDocument();
    expect(await button('Delete')).toHaveAttribute('aria-disabled', 'true');
  });

  it('offers what its kind can as it is now, and leads there', async () => {
    show();
    const actions = await screen.findByRole(
      'group',
      { name: 'What you can do' },
      SOON,
    );
    expect(
      within(actions)
        .getAllByRole('button')
        .map(({ textContent }) => textContent),
    ).toEqual(['Scale', 'Pause rollout', 'Delete']);
  });

  it('scales by a plan', async () => {
    const route = `POST ${BASE}/actions/scale`;
    const api = show({
      routes: {
        [route]: ({ query }) => ({
          body: {
            name: 'one',
            status: query.dryRun ? 'planned' : 'done',
            ...(query.dryRun && {
              plan: {
                before: { spec: { replicas: 2 } },
                after: { spec: { replicas: 5 } },
                changes: [],
                warnings: [],
              },
            }),
          },
        }),
      },
    });
    await userEvent.click(await button('Scale'));
    const field = await screen.findByRole('textbox', { name: 'Replicas' });
    expect(field).toHaveValue('2');
    await userEvent.clear(field);
    await userEvent.type(field, '5');
    await userEvent.tab();
    await userEvent.click(await button('Show what would change'));
    expect(await screen.findByText('replicas: 5')).toBeInTheDocument();
    const dialog = within(screen.getByRole('dialog'));
    await userEvent.click(dialog.getByRole('button', { name: 'Scale' }));
    expect(await screen.findByText(/Done/)).toBeInTheDocument();
    expect(
      api.sent.filter(sent => sent.route === route).map(({ body }) => body),
    ).toEqual([{ replicas: 5 }, { replicas: 5 }]);
  });

  it('deletes only the very object that is shown, after its name was typed', async () => {
    const api = show({
      routes: { [`DELETE ${BASE}`]: () => ({ body: { success: true } }) },
    });
    await userEvent.click(await button('Delete'));
    const dialog = within(await screen.findByRole('dialog'));
    const confirm = dialog.getByRole('button', { name: 'Delete' });
    await waitFor(() =>
      expect(dialog.getByRole('textbox')).toBeInTheDocument(),
    );
    expect(confirm).toBeDisabled();
    await userEvent.type(dialog.getByRole('textbox'), 'one');
    await userEvent.click(confirm);
    expect(await screen.findByText(/Done/)).toBeInTheDocument();
    const sent = api.sent.filter(({ route }) => route === `DELETE ${BASE}`);
    expect(sent.map(({ query }) => query)).toEqual([
      { propagation: 'Background', uid: 'u1', dryRun: 'true' },
      { propagation: 'Background', uid: 'u1' },
    ]);

    // That it is gone is told on the page behind; what was done stays in sight until it was read.
    act(() =>
      api.tell('resources', {
        ...{ type: 'changes', upserted: [], deleted: ['shop/one'] },
      }),
    );
    await screen.findByText('Widget one was deleted');
    await userEvent.click(dialog.getAllByRole('button', { name: 'Close' })[0]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
  });

  it('goes to its YAML by e', async () => {
    show();
    await screen.findByText('There is no power.', {}, SOON);
    await userEvent.keyboard('e');
    expect(screen.getByLabelText('address')).toHaveTextContent(
      `${'/k8s/clusters/eu/object/example.org/widgets/shop/one'}/yaml`,
    );
  });

  it('is shown where the kinds cannot be read, with nothing to be done', async () => {
    show({
      routes: {
        'GET /clusters/eu/kinds': () => ({
          status: 403,
          error: { name: 'NotAllowedError', message: 'no' },
        }),
      },
    });
    expect(
      await screen.findByText('There is no power.', {}, SOON),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
  });

  it('says that it is not there', async () => {
    show({
      routes: {
        [`GET ${BASE}`]: () => ({
          status: 404,
          error: { name: 'NotFoundError', message: 'no widget one' },
        }),
      },
    });
    expect(await screen.findByRole('alert', {}, SOON)).toHaveTextContent(
      'no widget one',
    );
  });
});

describe('ObjectEvents', () => {
  const told = async (state: string, tab = 'events') => {
    const { sent } = show({
      tab,
      routes: {
        'GET /clusters/eu/views/events': () => ({
          body: { rows: [], total: 0, cache: { state } },
        }),
      },
    });
    await waitFor(
      () =>
        expect(sent.map(({ route }) => route)).toContain(
          'GET /clusters/eu/views/events',
        ),
      SOON,
    );
  };

  it('says that nothing was said of it', async () => {
    await told('live');
    expect(
      await screen.findByText(/has said nothing of it/, {}, SOON),
    ).toBeVisible();
  });

  it('looks as far back as one wants, which the address keeps', async () => {
    const HOUR_MS = 60 * 60 * 1000;
    const said = {
      ...{ id: 'e', type: 'Warning', reason: 'Forgotten', count: 1 },
      ...{ message: 'It was long ago', lastSeen: '2026-01-01T00:00:00Z' },
      involved: { kind: 'Widget', namespace: 'shop', name: 'one' },
    };
    const { sent } = show({
      tab: 'events',
      routes: {
        'GET /clusters/eu/views/events': ({ query }) => ({
          body: { rows: query.since ? [said] : [], total: 1, cache },
        }),
      },
    });
    const asked = () =>
      sent.filter(({ route }) => route.endsWith('/views/events')).at(-1)!.query;
    await screen.findByText(/has said nothing of it/, {}, SOON);
    expect(asked()).not.toHaveProperty('since');
    await userEvent.click(screen.getByRole('button', { name: /How far back/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'Last day' }, SOON),
    );
    const row = await screen.findByRole('row', { name: /Forgotten/ }, SOON);
    expect(row).toHaveTextContent('It was long ago');
    const { since, ...others } = asked();
    expect(others).toEqual({
      ...{ namespace: 'shop', involved: 'Widget/one', limit: '200' },
    });
    const hours = (Date.now() - Date.parse(since)) / HOUR_MS;
    expect(Math.round(hours)).toBe(24);
    expect(screen.getByLabelText('address')).toHaveTextContent('span=day');
  });

  it('says so, too, where nothing is remembered', async () => {
    await told('live', 'events?span=week');
    expect(await screen.findByText('No events.', {}, SOON)).toBeVisible();
  });

  it('does not say so while the cluster is first read', async () => {
    await told('syncing');
    // Nothing that is shown tells that the answer is there.
    await act(() => new Promise(resolve => setTimeout(resolve, 200)));
    expect(screen.getByRole('table', { name: 'Events' })).toBeVisible();
    expect(screen.queryByText(/has said nothing of it/)).toBeNull();
  });
});

describe('ObjectYaml', () => {
  const editor = () =>
    screen.findByRole('textbox', { name: 'YAML of one' }, SOON);

  async function edit(from: string, to: string) {
    // Until one's rights are known it can be read only.
    await waitFor(
      async () => expect(await editor()).not.toHaveAttribute('readonly'),
      SOON,
    );
    const field = (await editor()) as HTMLTextAreaElement;
    const text = field.value.replace(from, to);
    await userEvent.clear(field);
    await userEvent.click(field);
    await userEvent.paste(text);
  }

  const planned = (part: object = {}) => ({
    body: {
      name: 'one',
      status: 'planned',
      plan: {
        before: { spec: { size: 3 } },
        after: { ...OBJECT, spec: { size: 5, replicas: 2 } },
        changes: [],
        warnings: [],
      },
      ...part,
    },
  });
  const done = { body: { name: 'one', status: 'done' } };

  it('shows what can be edited, and all of it when asked', async () => {
    show({ tab: 'yaml' });
    const { value } = (await editor()) as HTMLTextAreaElement;
    expect(value).not.toMatch(/managedFields|status|resourceVersion/);
    await userEvent.click(screen.getByRole('switch'));
    const all = (await editor()) as HTMLTextAreaElement;
    expect(all.value).toMatch(/status:/);
    expect(all.value).not.toMatch(/managedFields/);
    expect(all).toHaveAttribute('readonly');
  });

  it('says what is wrong as it is written', async () => {
    show({ tab: 'yaml' });
    await edit('size: 3', 'size: many\n  sise: 1');
    expect(
      await screen.findByText('This has to be of type integer', {}, SOON),
    ).toBeInTheDocument();
    expect(screen.getByText('There is no field sise here')).toBeInTheDocument();
  });

  it.each([
    ['a: [', /This is no YAML/],
    ['a: 1\n---\nb: 2', /It has to be one object/],
    ['kind: Gadget', /kind has to be Widget/],
  ])('does not send %j', async (text, words) => {
    const api = show({ tab: 'yaml' });
    await edit('apiVersion: example.org/v1\nkind: Widget', text);
    expect((await screen.findAllByText(words, {}, SOON))[0]).toBeVisible();
    const review = await button('Show what would change');
    expect(review).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(review);
    expect(api.sent.some(({ route }) => route === `PUT ${BASE}`)).toBe(false);
  });

  it('applies what was edited, in the version that was edited', async () => {
    const api = show({
      tab: 'yaml',
      routes: {
        [`PUT ${BASE}`]: ({ query }) => (query.dryRun ? planned() : done),
      },
    });
    await edit('size: 3', 'size: 5');
    await userEvent.click(await button('Show what would change'));
    expect(await screen.findByText('size: 5')).toBeInTheDocument();
    await userEvent.click(await button('Apply'));
    expect(await screen.findByText(/Done/)).toBeInTheDocument();
    const sent = api.sent.filter(({ route }) => route === `PUT ${BASE}`);
    expect(sent.map(({ query }) => query.dryRun)).toEqual(['true', undefined]);
    const { manifest, force } = sent[1].body as {
      manifest: typeof OBJECT;
      force?: boolean;
    };
    expect(force).toBeUndefined();
    expect(manifest.spec).toEqual({ size: 5, replicas: 2 });
    expect(manifest.metadata.resourceVersion).toBe('7');
    expect(manifest.metadata).not.toHaveProperty('managedFields');
    expect(manifest).not.toHaveProperty('status');
  });

  it('takes fields of others over only when that is chosen', async () => {
    const conflicts = [{ path: 'spec.size', owner: 'flux' }];
    const api = show({
      tab: 'yaml',
      routes: {
        [`PUT ${BASE}`]: ({ query, body }) => {
          if (!query.dryRun) return done;
          return planned(
            (body as { force?: boolean }).force ? {} : { conflicts },
          );
        },
      },
    });
    await edit('size: 3', 'size: 5');
    await userEvent.click(await button('Show what would change'));
    expect(await screen.findByText(/flux/)).toBeInTheDocument();
    expect(await button('Apply')).toBeDisabled();
    await userEvent.click(
      screen.getByRole('checkbox', { name: 'Take these fields over' }),
    );
    await waitFor(async () => expect(await button('Apply')).toBeEnabled());
    await userEvent.click(await button('Apply'));
    expect(await screen.findByText(/Done/)).toBeInTheDocument();
    expect(api.sent.at(-2)?.body ?? api.sent.at(-1)?.body).toMatchObject({
      force: true,
    });
  });

  it('does not ask for fields that the portal itself has set', async () => {
    const conflicts = [{ path: 'spec.size', owner: 'backstage-k8s' }];
    show({
      tab: 'yaml',
      routes: {
        [`PUT ${BASE}`]: ({ query, body }) => {
          if (!query.dryRun) return done;
          return planned(
            (body as { force?: boolean }).force ? {} : { conflicts },
          );
        },
      },
    });
    await edit('size: 3', 'size: 5');
    await userEvent.click(await button('Show what would change'));
    await waitFor(
      async () => expect(await button('Apply')).toBeEnabled(),
      SOON,
    );
    expect(screen.queryByRole('checkbox')).toBeNull();
  });

  it('says which fields stay that were taken out, and removes them when that is chosen', async () => {
    const api = show({
      tab: 'yaml',
      routes: {
        [`PUT ${BASE}`]: () =>
          planned({
            plan: { ...planned().body.plan, after: OBJECT },
          }),
        [`PATCH ${BASE}`]: ({ query }) => (query.dryRun ? planned() : done),
      },
    });
    await edit('    team: shop\n', '');
    await userEvent.click(await button('Show what would change'));
    expect(await screen.findByText('metadata.labels.team')).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('checkbox', { name: 'Remove them all the same' }),
    );
    await waitFor(async () => expect(await button('Apply')).toBeEnabled());
    await userEvent.click(await button('Apply'));
    expect(await screen.findByText(/Done/)).toBeInTheDocument();
    const sent = api.sent.filter(({ route }) => route === `PATCH ${BASE}`);
    expect(sent.at(-1)?.body).toEqual({
      patch: { metadata: { labels: { team: null } } },
      resourceVersion: '7',
    });
  });

  it('can be read only by who may not change it', async () => {
    show({ tab: 'yaml', allowed: false });
    expect(await editor()).toHaveAttribute('readonly');
    expect(await button('Show what would change')).toHaveAttribute(
      'aria-disabled',
      'true',
    );
  });
});
