import { K8S_ROLES } from '@backstage-k8s/plugin-k8s-common';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import type { IdentityApi } from '@backstage/frontend-plugin-api';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DemoSignInPage } from './DemoSignInPage';

const inAnHour = Math.floor(Date.now() / 1000) + 3600;
const token = `header.${btoa(JSON.stringify({ exp: inAnHour }))}.signature`;

const session = {
  profile: { displayName: 'Ada Admin' },
  backstageIdentity: {
    token,
    identity: {
      type: 'user',
      userEntityRef: 'user:default/admin',
      ownershipEntityRefs: ['user:default/admin'],
    },
  },
};

const answer = (status: number, body: unknown = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });

const fetchMock = jest.fn<Promise<Response>, [string, RequestInit]>();
const onSignInSuccess = jest.fn<void, [IdentityApi]>();

const openPage = (enabled = true) =>
  renderInTestApp(<DemoSignInPage onSignInSuccess={onSignInSuccess} />, {
    config: {
      app: { title: 'Trial portal', baseUrl: 'http://portal' },
      backend: { baseUrl: 'http://portal' },
      auth: { providers: { 'k8s-demo': { enabled } } },
    },
    apis: [mockApis.discovery({ baseUrl: 'http://portal' })],
  });

const card = (name: RegExp) => screen.findByRole('button', { name });

beforeEach(() => {
  window.localStorage.clear();
  fetchMock.mockReset().mockImplementation(async () => answer(200, session));
  onSignInSuccess.mockReset();
  window.fetch = fetchMock as typeof fetch;
});

it('shows a user of each role and what the role may do', async () => {
  openPage();
  const users = await screen.findByRole('list', { name: 'Demo users' });
  const cards = within(users).getAllByRole('button');
  expect(cards).toHaveLength(K8S_ROLES.length);
  K8S_ROLES.forEach((role, index) => {
    expect(cards[index]).toHaveTextContent(role);
  });
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent(
    'Trial portal',
  );
  expect(fetchMock).not.toHaveBeenCalled();
});

it('signs the chosen user in, and again after a reload', async () => {
  const { unmount } = openPage();
  await userEvent.click(await card(/Ada Admin/));
  await waitFor(() => expect(onSignInSuccess).toHaveBeenCalledTimes(1));
  const [url, init] = fetchMock.mock.calls[0];
  expect(url).toBe('http://portal/api/auth/k8s-demo/refresh');
  expect(new Headers(init.headers).get('x-demo-user')).toBe('admin');
  const [identity] = onSignInSuccess.mock.calls[0];
  await expect(identity.getCredentials()).resolves.toEqual({ token });
  await expect(identity.getProfileInfo()).resolves.toEqual(session.profile);
  await expect(identity.getBackstageIdentity()).resolves.toEqual(
    session.backstageIdentity.identity,
  );

  unmount();
  openPage();
  await waitFor(() => expect(onSignInSuccess).toHaveBeenCalledTimes(2));
});

it('asks again after signing out', async () => {
  const { unmount } = openPage();
  await userEvent.click(await card(/Vera Viewer/));
  await waitFor(() => expect(onSignInSuccess).toHaveBeenCalledTimes(1));
  await onSignInSuccess.mock.calls[0][0].signOut();

  unmount();
  openPage();
  expect(await card(/Vera Viewer/)).toBeInTheDocument();
  expect(onSignInSuccess).toHaveBeenCalledTimes(1);
});

it('ignores a remembered user that there is no more', async () => {
  window.localStorage.setItem('k8s-demo-user', 'root');
  openPage();
  expect(await card(/Ada Admin/)).toBeInTheDocument();
  expect(fetchMock).not.toHaveBeenCalled();
});

it('says what to do and asks nobody when it is not configured', async () => {
  window.localStorage.setItem('k8s-demo-user', 'admin');
  openPage(false);
  expect(await screen.findByText(/no sign-in configured/)).toBeVisible();
  expect(screen.getByText('./portal start')).toBeVisible();
  expect(screen.queryByRole('button', { name: /Ada Admin/ })).toBeNull();
  expect(fetchMock).not.toHaveBeenCalled();
});

it('says what to do when the back end has no such provider', async () => {
  fetchMock.mockResolvedValue(answer(404));
  openPage();
  await userEvent.click(await card(/Ada Admin/));
  expect(await screen.findByText(/no sign-in configured/)).toBeVisible();
});

it('says why signing in failed and leads back to the users', async () => {
  fetchMock.mockResolvedValue(
    answer(403, {
      error: { name: 'NotAllowedError', message: 'on loopback only' },
      response: { statusCode: 403 },
    }),
  );
  const { unmount } = openPage();
  await userEvent.click(await card(/Ada Admin/));
  expect(await screen.findByRole('alert')).toHaveTextContent(
    /Signing in failed.*on loopback only/,
  );
  await userEvent.click(
    screen.getByRole('button', { name: 'Choose another user' }),
  );
  expect(await card(/Ada Admin/)).toBeInTheDocument();

  unmount();
  openPage();
  expect(await card(/Ada Admin/)).toBeInTheDocument();
  expect(onSignInSuccess).not.toHaveBeenCalled();
});

it('waits for a portal that is still starting', async () => {
  jest.useFakeTimers();
  try {
    window.localStorage.setItem('k8s-demo-user', 'admin');
    fetchMock.mockResolvedValueOnce(answer(503));
    openPage();
    expect(await screen.findByRole('status')).toHaveTextContent(
      'still reading its catalog',
    );
    expect(fetchMock).toHaveBeenCalledTimes(1);
    await act(() => jest.runOnlyPendingTimersAsync());
    await waitFor(() => expect(onSignInSuccess).toHaveBeenCalledTimes(1));
    expect(fetchMock).toHaveBeenCalledTimes(2);
  } finally {
    jest.useRealTimers();
  }
});
