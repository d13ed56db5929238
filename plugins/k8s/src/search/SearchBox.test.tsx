import { renderInTestApp } from '@backstage/frontend-test-utils';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes, useLocation, useNavigate } from 'react-router-dom';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import type { FakeAnswer, SentRequest } from '../__testUtils__/fakeK8sApi';
import { SearchBox } from './SearchBox';
import { SearchPage } from './SearchPage';
import type { FoundObject, SearchAnswer, SearchGroup } from './useSearch';

// A page with all its parts takes seconds on a busy machine.
jest.setTimeout(60_000);
const SOON = { timeout: 10_000 };

const found = (name: string, more: Partial<FoundObject> = {}): FoundObject => ({
  ...{ cluster: 'c1', namespace: 'shop', name, uid: `uid-${name}` },
  createdAt: '2026-01-01T00:00:00Z',
  health: { state: 'healthy', word: 'Available' },
  match: { by: 'name' },
  ...more,
});
const groupOf = (
  kind: string,
  items: FoundObject[],
  more: Partial<SearchGroup> = {},
): SearchGroup => ({
  ...{ group: 'apps', plural: `${kind.toLowerCase()}s`, kind },
  ...{ namespaced: true, custom: false, total: items.length, health: {} },
  ...{ items, ...more },
});
const answerOf = (
  groups: SearchGroup[],
  more: Partial<SearchAnswer> = {},
): SearchAnswer => ({
  groups,
  total: groups.reduce((sum, { total }) => sum + total, 0),
  clusters: [
    { id: 'c1', name: 'prod-eu', labels: {}, cache: { state: 'live' } },
    { id: 'c2', name: 'prod-us', labels: {}, cache: { state: 'live' } },
  ],
  errors: [],
  ...more,
});

const ANSWER = answerOf([
  groupOf('Deployment', [
    found('web'),
    found('web-two', {
      cluster: 'c2',
      health: { state: 'degraded', word: 'Stuck' },
    }),
  ]),
  groupOf(
    'Pod',
    [
      found('other', {
        match: { by: 'image', text: 'registry.example/web:1' },
      }),
    ],
    { group: '', total: 9 },
  ),
]);

function Address() {
  const { pathname, search } = useLocation();
  return <output aria-label="address">{pathname + search}</output>;
}

let leadOn: () => void = () => {};

/** A page that goes on to another one when the test wants it. */
function LeadsOn() {
  const navigate = useNavigate();
  leadOn = () => navigate('/k8s/end');
  return null;
}

function show(
  answer: SearchAnswer | ((request: SentRequest) => FakeAnswer),
  path = '/k8s/clusters',
) {
  const api = fakeK8sApi({
    'GET /search': request =>
      typeof answer === 'function' ? answer(request) : { body: answer },
    'GET /clusters': () => ({
      body: {
        clusters: [
          ...['prod-eu', 'prod-us'].map((name, index) => ({
            ...{ id: `c${index + 1}`, name, status: 'healthy' },
            ...{ labels: {}, protected: false },
            createdAt: '2026-01-01T00:00:00Z',
          })),
        ],
      },
    }),
  });
  renderInTestApp(
    <K8sProvider>
      <SearchBox />
      <Address />
      <Routes>
        <Route path="/k8s/search" element={<SearchPage />} />
        <Route path="/k8s/start" element={<LeadsOn />} />
        <Route path="/k8s/end" element={<p>led on</p>} />
        <Route path="*" element={<p>another page</p>} />
      </Routes>
    </K8sProvider>,
    { apis: [[k8sApiRef, api]], initialRouteEntries: [path] },
  );
  return {
    asked: () =>
      api.sent
        .filter(({ route }) => route === 'GET /search')
        .map(({ query }) => query),
  };
}

const box = () => screen.findByRole('combobox', {}, SOON);
const address = () => screen.getByLabelText('address').textContent;
const chosen = () =>
  screen
    .queryAllByRole('option', { selected: true })
    .map(({ textContent }) => textContent);

describe('the box', () => {
  it('is reached by /, and shows by kind what is found as one types, without asking at every key', async () => {
    const { asked } = show(ANSWER);
    const input = await box();
    await userEvent.keyboard('/');
    expect(input).toHaveFocus();
    // In one go, so that no timer ends between two keys.
    for (const value of ['w', 'we', 'web']) {
      fireEvent.change(input, { target: { value } });
    }
    const deployments = within(
      await screen.findByRole('group', { name: 'Deployment' }, SOON),
    ).getAllByRole('option');
    expect(deployments.map(({ textContent }) => textContent)).toEqual([
      'webshop · prod-euAvailable',
      'web-twoshop · prod-usStuck',
    ]);
    expect(deployments[0]).toHaveAttribute(
      'href',
      '/k8s/clusters/c1/object/apps/deployments/shop/web',
    );
    expect(
      within(screen.getByRole('group', { name: 'Pod' })).getByRole('option'),
    ).toHaveTextContent('registry.example/web:1');
    expect(
      screen.getByRole('option', { name: 'Show all 11 results' }),
    ).toHaveAttribute('href', '/k8s/search?q=web');
    expect(screen.getByText('11 objects')).toHaveAttribute('role', 'status');
    expect(asked().map(({ q }) => q)).toEqual(['web']);
  });

  it('is walked by the arrows, around its ends, and opened by Enter', async () => {
    show(ANSWER);
    await userEvent.type(await box(), 'web');
    await screen.findAllByRole('option', {}, SOON);
    const walked = [];
    for (const key of [
      'ArrowDown',
      'ArrowDown',
      'ArrowUp',
      'ArrowUp',
      'ArrowUp',
    ]) {
      await userEvent.keyboard(`{${key}}`);
      walked.push(chosen()[0]?.match(/^(web-two|web|Show all)/)?.[0]);
    }
    expect(walked).toEqual(['web', 'web-two', 'web', undefined, 'Show all']);
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    expect(await box()).toHaveAttribute(
      'aria-activedescendant',
      screen.getByRole('option', { selected: true }).id,
    );
    await userEvent.keyboard('{Enter}');
    expect(address()).toBe('/k8s/clusters/c1/object/apps/deployments/shop/web');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(await box()).toHaveValue('');
  });

  it('keeps the object that is chosen where an answer comes anew in another order', async () => {
    let isTurned = false;
    const [deployments, pods] = ANSWER.groups;
    const turned = answerOf([
      pods,
      { ...deployments, items: [...deployments.items].reverse() },
    ]);
    const clusters = (state: 'live' | 'syncing') =>
      ANSWER.clusters.map(cluster => ({ ...cluster, cache: { state } }));
    show(() => ({
      body: isTurned
        ? { ...turned, clusters: clusters('live') }
        : { ...ANSWER, clusters: clusters('syncing') },
    }));
    await userEvent.type(await box(), 'web');
    await screen.findAllByRole('option', {}, SOON);
    expect(
      screen.getByText('prod-eu, prod-us are still being read; more may come'),
    ).toBeInTheDocument();
    await userEvent.keyboard('{ArrowDown}');
    expect(chosen()).toEqual(['webshop · prod-euAvailable']);
    isTurned = true;
    await waitFor(
      () =>
        expect(screen.getAllByRole('option')[0]).toHaveTextContent(/^other/),
      SOON,
    );
    expect(chosen()).toEqual(['webshop · prod-euAvailable']);
    await userEvent.keyboard('{Enter}');
    expect(address()).toBe('/k8s/clusters/c1/object/apps/deployments/shop/web');
  });

  it('leaves the keys to an input method while it composes', async () => {
    show(ANSWER);
    await userEvent.type(await box(), 'web');
    const input = await box();
    for (const key of ['ArrowDown', 'Enter', 'Escape']) {
      fireEvent.keyDown(input, { key, isComposing: true });
    }
    expect(address()).toBe('/k8s/clusters');
    expect(input).toHaveFocus();
    expect(input).toHaveAttribute('aria-expanded', 'true');
    expect(chosen()).toEqual([]);
    fireEvent.keyDown(input, { key: 'Enter' });
    expect(address()).toBe('/k8s/search?q=web');
  });

  it('is left by a click on a result', async () => {
    show(ANSWER);
    await userEvent.type(await box(), 'web');
    const [first] = await screen.findAllByRole('option', {}, SOON);
    await userEvent.click(first);
    expect(address()).toBe('/k8s/clusters/c1/object/apps/deployments/shop/web');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(await box()).toHaveValue('');
  });

  it('keeps what is typed while the page leads on to another one', async () => {
    show(ANSWER, '/k8s/start');
    await userEvent.type(await box(), 'we');
    act(() => leadOn());
    await screen.findByText('led on', {}, SOON);
    await userEvent.type(await box(), 'b');
    await screen.findAllByRole('option', {}, SOON);
    expect(await box()).toHaveValue('web');
  });

  it('leads to all results by Enter where nothing is chosen', async () => {
    show(ANSWER);
    await userEvent.type(await box(), 'app=web{Enter}');
    expect(address()).toBe('/k8s/search?q=app%3Dweb');
  });

  it('is left by Escape: first the results, then the box', async () => {
    show(ANSWER);
    await userEvent.type(await box(), 'web');
    await screen.findAllByRole('option', {}, SOON);
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(await box()).toHaveFocus();
    await userEvent.keyboard('{Escape}');
    expect(await box()).not.toHaveFocus();
  });

  it('asks nothing for a single character', async () => {
    const { asked } = show(ANSWER);
    await userEvent.type(await box(), 'w{Enter}');
    expect(address()).toBe('/k8s/clusters');
    await userEvent.type(await box(), 'e');
    await screen.findAllByRole('option', {}, SOON);
    expect(asked().map(({ q }) => q)).toEqual(['we']);
  });

  it('says that nothing was found', async () => {
    show(answerOf([]));
    await userEvent.type(await box(), 'web');
    expect(
      await screen.findByText('Nothing matches “web”', {}, SOON),
    ).toBeInTheDocument();
    expect(screen.queryAllByRole('option')).toEqual([]);
  });

  it('says what failed, and tries again', async () => {
    let isWell = false;
    show(() =>
      isWell
        ? { body: ANSWER }
        : { status: 400, error: { name: 'InputError', message: 'no such' } },
    );
    await userEvent.type(await box(), 'web');
    expect(await screen.findByRole('alert', {}, SOON)).toHaveTextContent(
      'no such',
    );
    isWell = true;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findAllByRole('option', {}, SOON);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('tells which clusters are old, silent or still being read, and asks again for these', async () => {
    let isRead = false;
    const cacheOf = (state: 'live' | 'syncing') => ({ state });
    const { asked } = show(() => ({
      body: answerOf(ANSWER.groups, {
        clusters: [
          {
            ...{ id: 'c1', name: 'prod-eu', labels: {} },
            cache: { state: 'stale', asOf: new Date().toISOString() },
          },
          {
            ...{ id: 'c2', name: 'prod-us', labels: {} },
            cache: cacheOf(isRead ? 'live' : 'syncing'),
          },
          {
            ...{ id: 'c3', name: 'edge', labels: {} },
            cache: { state: 'live' },
          },
        ],
        errors: [
          { cluster: { id: 'c3', name: 'edge' }, error: 'secrets: refused' },
          ...(isRead
            ? []
            : [
                {
                  cluster: { id: 'c2', name: 'prod-us' },
                  error: 'It has not answered yet',
                },
              ]),
        ],
      }),
    }));
    await userEvent.type(await box(), 'web');
    expect(
      await screen.findByText(/prod-us is still being read/, {}, SOON),
    ).toBeInTheDocument();
    expect(screen.getByText(/prod-eu does not answer/)).toBeInTheDocument();
    expect(screen.getByText('edge: secrets: refused')).toBeInTheDocument();
    expect(screen.queryByText(/It has not answered yet/)).toBeNull();
    isRead = true;
    await waitFor(
      () => expect(screen.queryByText(/still being read/)).toBeNull(),
      SOON,
    );
    expect(asked().length).toBeGreaterThan(1);
  });
});

describe('the page', () => {
  const rows = () =>
    screen
      .getAllByRole('row')
      .filter(row => row.hasAttribute('data-row'))
      .map(row => within(row).getAllByRole('cell')[0].textContent);

  it('lists by kind what was found, with its text in the box, and how much there is', async () => {
    const { asked } = show(ANSWER, '/k8s/search?q=web');
    expect(await box()).toHaveValue('web');
    await screen.findByText('Results for “web”', {}, SOON);
    await waitFor(
      () => expect(rows()).toEqual(['web', 'web-two', 'other']),
      SOON,
    );
    expect(screen.getByText('Deployment (2)')).toBeInTheDocument();
    expect(screen.getByText('Pod (1 of 9)')).toBeInTheDocument();
    expect(screen.getByTitle('registry.example/web:1')).toBeInTheDocument();
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(asked()).toEqual([{ q: 'web', limit: '25' }]);
  });

  it('is narrowed to a kind and widened again, in the address', async () => {
    const { asked } = show(ANSWER, '/k8s/search?q=web');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Pod 9' }, SOON),
    );
    await waitFor(
      () =>
        expect(asked().at(-1)).toEqual({
          q: 'web',
          kinds: 'pods',
          limit: '500',
        }),
      SOON,
    );
    expect(address()).toBe('/k8s/search?q=web&kind=pods');
    await userEvent.click(screen.getByRole('button', { name: /^All kinds/ }));
    expect(address()).toBe('/k8s/search?q=web');
  });

  it('follows what is typed in the box', async () => {
    const { asked } = show(ANSWER, '/k8s/search?q=web&cluster=c1');
    await userEvent.type(await box(), '-two');
    await waitFor(
      () => expect(address()).toBe('/k8s/search?q=web-two&cluster=c1'),
      SOON,
    );
    expect(asked().at(-1)).toEqual({
      ...{ q: 'web-two', cluster: 'id=c1', limit: '25' },
    });
  });

  it('says where it looked when nothing was found', async () => {
    show(answerOf([]), '/k8s/search?q=nothing');
    expect(
      await screen.findByText(/Nothing that you may see matches/, {}, SOON),
    ).toBeInTheDocument();
    expect(screen.getByText(/on 2 clusters/)).toBeInTheDocument();
  });

  it('says that there is no cluster rather than that it looked on none', async () => {
    show(answerOf([], { clusters: [] }), '/k8s/search?q=nothing');
    expect(
      await screen.findByText(
        'There is no cluster that you may see.',
        {},
        SOON,
      ),
    ).toBeInTheDocument();
  });

  it('offers to take filters away when nothing was found with them', async () => {
    show(answerOf([]), '/k8s/search?q=nothing&kind=pods&cluster=c1');
    await userEvent.click(
      await screen.findByRole(
        'button',
        { name: 'Show all kinds and clusters' },
        SOON,
      ),
    );
    expect(address()).toBe('/k8s/search?q=nothing');
  });

  it('explains itself before anything is looked for, and waits for a text', async () => {
    const { asked } = show(ANSWER, '/k8s/search');
    await waitFor(async () => expect(await box()).toHaveFocus(), SOON);
    expect(
      await screen.findByText('Find anything on any cluster', {}, SOON),
    ).toBeInTheDocument();
    expect(asked()).toEqual([]);
  });
});
