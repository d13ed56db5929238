import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { K8sApiError, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import type { FakeAnswer, FakeRoutes } from '../__testUtils__/fakeK8sApi';
import { K8sRoot } from '../routing/K8sRoot';
import { RegisterPage } from './RegisterPage';

// A page with all its parts takes seconds on a busy machine.
jest.setTimeout(30_000);

const TOKEN = 'planted-secret-token';
const kubeconfig = `
current-context: admin@dev
contexts:
  - { name: admin@dev, context: { cluster: dev, user: dev } }
  - { name: prod, context: { cluster: prod, user: dev } }
users:
  - { name: dev, user: { token: ${TOKEN} } }
`;

type ClusterCheck = Schema<'ClusterCheck'>;
type Steps = ClusterCheck['steps'];
const NAMES = [
  'read',
  'address',
  'connect',
  'tls',
  'signIn',
  'version',
  'identity',
  'rights',
] as const;

function stepsWith(changed: Partial<Steps[number]> = {}): Steps {
  const at = changed.step ? NAMES.indexOf(changed.step) : NAMES.length;
  const isFailed = changed.outcome === 'failed';
  return NAMES.map((step, index) => ({
    step,
    outcome: isFailed && index > at ? 'skipped' : 'passed',
    message: `${step} is fine`,
    ...(index === at && changed),
  }));
}

const passed: ClusterCheck = {
  ok: true,
  contexts: ['admin@dev', 'prod'],
  context: 'admin@dev',
  server: 'https://dev:6443',
  version: 'v1.37.2',
  steps: stepsWith(),
};

const cluster: Schema<'Cluster'> = {
  id: 'c1',
  name: 'dev',
  status: 'healthy',
  labels: {},
  protected: false,
  createdAt: '2026-01-01T00:00:00Z',
  entityRef: 'resource:default/dev',
};

const group = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name: 'platform', namespace: 'default', title: 'Platform' },
  spec: { type: 'team', children: [] },
};

function openPage(
  routes: FakeRoutes = {},
  options: Parameters<typeof fakeK8sApi>[1] = {},
) {
  const api = fakeK8sApi(
    {
      'GET /status': () => ({
        body: {
          user: { ref: 'user:default/admin' },
          permission: 'enabled',
          encryption: 'configured',
          developmentClusters: [],
        } satisfies Schema<'InstallationStatus'>,
      }),
      'GET /authentication-strategies': () => ({ body: { strategies: [] } }),
      'POST /cluster-checks': () => ({ body: passed }),
      'POST /clusters': () => ({ body: cluster }),
      ...routes,
    },
    options,
  );
  const page = renderInTestApp(
    <K8sRoot>
      <RegisterPage />
    </K8sRoot>,
    {
      apis: [
        [k8sApiRef, api],
        [catalogApiRef, catalogApiMock({ entities: [group] })],
      ],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  const sentTo = (route: string) =>
    api.sent.filter(request => request.route === route);
  return { api, page, sentTo };
}

const button = (name: string) => screen.findByRole('button', { name });
const heading = (name: RegExp) => screen.findByRole('heading', { name });

async function paste(text = kubeconfig) {
  const field = await screen.findByRole('textbox', { name: /^Kubeconfig/ });
  await waitFor(() => expect(field).toBeEnabled());
  await userEvent.click(field);
  await userEvent.paste(text);
}

async function toDetails() {
  await paste();
  await userEvent.click(await button('Next'));
  await screen.findByText('The access works');
  await userEvent.click(await button('Next'));
}

beforeEach(() => {
  window.localStorage.clear();
  window.sessionStorage.clear();
});

it('registers a cluster, from a pasted kubeconfig to its page', async () => {
  const { sentTo } = openPage();
  await paste();
  await userEvent.click(await button('Next'));

  expect(await heading(/Step 2 of 4: Check/)).toHaveFocus();
  await screen.findByText('The access works');
  const steps = screen.getAllByRole('list').at(-1)!;
  expect(within(steps).getAllByRole('listitem')).toHaveLength(NAMES.length);
  expect(sentTo('POST /cluster-checks')[0].body).toEqual({ kubeconfig });

  await userEvent.click(await button('Next'));
  expect(await heading(/Step 3 of 4/)).toHaveFocus();
  const name = screen.getByRole('textbox', { name: /^Name/ });
  expect(name).toHaveValue('dev');
  await userEvent.type(
    screen.getByRole('textbox', { name: /Value environment/ }),
    'development',
  );
  await userEvent.click(screen.getByRole('combobox', { name: /Owner/ }));
  await userEvent.keyboard('plat');
  await userEvent.click(
    await screen.findByRole('option', { name: /Platform/ }),
  );
  await userEvent.click(screen.getByRole('switch', { name: /Protected/ }));
  await userEvent.click(await button('Register'));

  expect(await heading(/Step 4 of 4: dev is registered/)).toHaveFocus();
  const [{ body, headers }] = sentTo('POST /clusters');
  expect(body).toEqual({
    kubeconfig,
    name: 'dev',
    labels: { environment: 'development' },
    owner: 'group:default/platform',
    protected: true,
  });
  expect(headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/);
  expect(screen.getByRole('link', { name: 'Open dev' })).toHaveAttribute(
    'href',
    expect.stringContaining('/clusters/c1'),
  );
  expect(screen.getByRole('link', { name: /entity/ })).toHaveAttribute(
    'href',
    '/catalog/default/resource/dev',
  );
});

it('keeps no credential anywhere but in the fields', async () => {
  const logged = (['log', 'info', 'warn', 'error', 'debug'] as const).map(
    level => jest.spyOn(console, level).mockImplementation(() => {}),
  );
  openPage();
  await toDetails();
  const kept = () =>
    JSON.stringify([
      { ...window.localStorage },
      { ...window.sessionStorage },
      window.location.href,
      window.history.state,
      logged.map(({ mock }) => mock.calls.map(String)),
    ]);
  expect(kept()).not.toContain(TOKEN);
  await userEvent.click(await button('Register'));
  await heading(/is registered/);
  await userEvent.click(await button('Register another one'));
  expect(
    await screen.findByRole('textbox', { name: /^Kubeconfig/ }),
  ).toHaveValue('');
  expect(document.documentElement.outerHTML).not.toContain(TOKEN);
  expect(kept()).not.toContain(TOKEN);
  logged.forEach(spy => spy.mockRestore());
});

it('says of a failed step why and what to do, and goes no further', async () => {
  openPage({
    'POST /cluster-checks': () => ({
      body: {
        ...passed,
        ok: false,
        steps: stepsWith({
          step: 'rights',
          outcome: 'failed',
          message: 'The credential may not: list pods',
          fix: 'Bind its account to a ClusterRole',
        }),
      } satisfies ClusterCheck,
    }),
  });
  await paste();
  await userEvent.click(await button('Next'));
  await screen.findByText('The access does not work yet');
  expect(screen.getByText(/may not: list pods/)).toHaveTextContent(
    'What to do: Bind its account to a ClusterRole',
  );
  expect(screen.queryByRole('button', { name: 'Next' })).toBeNull();
  expect(screen.queryByText(/without checking the certificate/)).toBeNull();

  await userEvent.click(
    await button('Make a service account with the right rights'),
  );
  expect(await screen.findByLabelText('Manifest')).toHaveTextContent(
    'kind: ServiceAccount',
  );
});

it('leads from a kubeconfig that runs a program to an account of its own', async () => {
  const failed = {
    step: 'read',
    outcome: 'failed',
    message:
      'users[0].user.exec: programs are not run; make a service account for the portal',
  } as const;
  openPage({
    'POST /cluster-checks': () => ({
      body: { ok: false, steps: stepsWith(failed) },
    }),
  });
  await paste();
  await userEvent.click(await button('Next'));
  await userEvent.click(
    await button('Make a service account with the right rights'),
  );
  expect(await screen.findByLabelText('Manifest')).toBeInTheDocument();
});

it('offers to skip the check of the certificate only after it failed', async () => {
  const { sentTo } = openPage({
    'POST /cluster-checks': ({ body }) => {
      const { skipTlsVerify } = body as Schema<'ClusterAccess'>;
      const failed = {
        step: 'tls',
        outcome: 'failed',
        message: 'Not trusted',
        code: 'certificate',
      } as const;
      return {
        body: skipTlsVerify
          ? passed
          : { ...passed, ok: false, steps: stepsWith(failed) },
      };
    },
  });
  await paste();
  expect(screen.queryByText(/without checking the certificate/)).toBeNull();
  await userEvent.click(await button('Next'));
  const offer = (
    await screen.findByText(/without checking the certificate/)
  ).closest<HTMLElement>('.bui-Alert')!;
  const accept = within(offer).getByRole('button');
  expect(accept).toBeDisabled();
  await userEvent.click(within(offer).getByRole('checkbox'));
  await userEvent.click(accept);
  await screen.findByText('The access works');
  expect(sentTo('POST /cluster-checks').map(({ body }) => body)).toEqual([
    { kubeconfig },
    { kubeconfig, skipTlsVerify: true },
  ]);

  // Another access is checked again.
  await userEvent.click(await button('Change the access'));
  await paste('# other');
  await userEvent.click(await button('Next'));
  await screen.findByText(/without checking the certificate/);
});

it('does not offer it where no TLS is spoken, and blames the address', async () => {
  const failed = {
    step: 'tls',
    outcome: 'failed',
    message: 'No TLS here',
    code: 'tls',
  } as const;
  openPage({
    'POST /cluster-checks': () => ({
      body: { ok: false, steps: stepsWith(failed) },
    }),
  });
  await userEvent.click(
    await screen.findByRole('radio', { name: /address and a token/ }),
  );
  const server = screen.getByRole('textbox', { name: /Address of the API/ });
  await userEvent.type(server, 'https://dev:80');
  await userEvent.type(screen.getByLabelText(/^Token/), TOKEN);
  await userEvent.click(await button('Next'));
  await screen.findByText('The access does not work yet');
  expect(screen.queryByText(/without checking the certificate/)).toBeNull();
  await userEvent.click(await button('Change the access'));
  expect(
    screen.getByRole('textbox', { name: /Address of the API/ }),
  ).toHaveAccessibleDescription(/No TLS here/);
});

it('reads a kubeconfig that is dropped, and nothing else', async () => {
  const { sentTo } = openPage();
  const field = await screen.findByRole('textbox', { name: /^Kubeconfig/ });
  await waitFor(() => expect(field).toBeEnabled());
  // This DOM's files cannot be read.
  const text = async () => kubeconfig;
  const files = [Object.assign(new File([], 'dev.yaml'), { text })];
  // Beside the field the browser would leave the page for the file.
  const dragged = { dataTransfer: { types: ['Files'], files: [] } };
  fireEvent.dragOver(document.body, dragged);
  expect(await screen.findByText(/Drop the file/)).toBeInTheDocument();
  const isDropLeft = fireEvent.drop(document.body, {
    dataTransfer: { types: ['Files'], files },
  });
  expect(isDropLeft).toBe(false);
  expect(await screen.findByText('dev.yaml was read')).toBeInTheDocument();
  expect(field).toHaveValue(kubeconfig);
  // Text is the field's own to take.
  const isLeft = fireEvent.drop(field, {
    dataTransfer: { types: ['text/plain'], files: [] },
  });
  expect(isLeft).toBe(true);
  await userEvent.click(await button('Next'));
  await screen.findByText('The access works');
  expect(sentTo('POST /cluster-checks')[0].body).toEqual({ kubeconfig });
});

it('shows what is wrong with address and token at their fields', async () => {
  openPage({
    'POST /cluster-checks': () => ({
      body: {
        ok: false,
        steps: stepsWith({
          step: 'read',
          outcome: 'failed',
          message: 'server has to begin with https://',
        }),
      },
    }),
  });
  await userEvent.click(
    await screen.findByRole('radio', { name: /address and a token/ }),
  );
  await userEvent.click(await button('Next'));
  const server = screen.getByRole('textbox', { name: /Address of the API/ });
  expect(server).toHaveAccessibleDescription(/Give the address/);
  await userEvent.type(server, 'http://dev');
  await userEvent.type(screen.getByLabelText(/^Token/), TOKEN);
  await userEvent.click(await button('Next'));
  await screen.findByText('The access does not work yet');
  await userEvent.click(await button('Change the access'));
  expect(
    screen.getByRole('textbox', { name: /Address of the API/ }),
  ).toHaveAccessibleDescription(/has to begin with https/);
});

it('shows a refused name at its field, and tries what is unsure with the same key', async () => {
  const answers: FakeAnswer[] = [
    {
      status: 503,
      error: { name: 'ServiceUnavailableError', message: 'Away' },
    },
    {
      status: 409,
      error: {
        name: 'ConflictError',
        message: 'A cluster of this name is registered; choose another name',
      },
    },
    { body: cluster },
  ];
  const { sentTo } = openPage({ 'POST /clusters': () => answers.shift()! });
  await toDetails();
  await userEvent.click(await button('Register'));
  await screen.findByText(/at most once/);
  await userEvent.click(await button('Register'));
  const name = screen.getByRole('textbox', { name: /^Name/ });
  await waitFor(() =>
    expect(name).toHaveAccessibleDescription(/choose another name/),
  );
  await userEvent.type(name, '-2');
  expect(name).not.toHaveAccessibleDescription(/choose another name/);
  await userEvent.click(await button('Register'));
  await heading(/is registered/);
  const keys = sentTo('POST /clusters').map(({ headers }) =>
    headers.get('Idempotency-Key'),
  );
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

it('is disabled, with the missing role, for who may not register', async () => {
  const { sentTo } = openPage(
    {},
    { access: { allowed: false, role: 'K8sAdmin' } },
  );
  expect(await screen.findByText(/Needs K8sAdmin/)).toBeInTheDocument();
  expect(await button('Next')).toBeDisabled();
  const field = screen.getByRole('textbox', { name: /^Kubeconfig/ });
  expect(field).toBeDisabled();
  const file = Object.assign(new File([], 'a'), { text: async () => 'read' });
  fireEvent.drop(document.body, {
    dataTransfer: { types: ['Files'], files: [file] },
  });
  expect(field).toHaveValue('');
  expect(sentTo('POST /cluster-checks')).toEqual([]);
});

it('is disabled, and says why at the top, while the rights cannot be had', async () => {
  let isAway = true;
  openPage(
    {},
    {
      access: async () => {
        if (isAway) throw K8sApiError.fromAnswer(400, undefined);
        return { allowed: true };
      },
    },
  );
  expect(await screen.findByRole('alert')).toHaveTextContent(
    /rights could not be checked/,
  );
  expect(await button('Next')).toBeDisabled();
  isAway = false;
  await userEvent.click(await button('Try again'));
  await waitFor(async () => expect(await button('Next')).toBeEnabled());
  expect(screen.queryByRole('alert')).toBeNull();
});

describe('the way to sign in that a module adds', () => {
  const strategies = [
    { id: 'token', title: { en: 'Token' }, fields: [] },
    {
      id: 'oauthClient',
      title: { en: 'OAuth client', zh: 'OAuth 客户端' },
      description: { en: 'Tokens that renew themselves' },
      fields: [
        {
          name: 'issuer',
          title: { en: 'Issuer' },
          ...{ optional: false, secret: false, multiline: false },
          options: [{ value: 'one', title: { en: 'The issuer' } }],
        },
        {
          name: 'clientSecret',
          title: { en: 'Client secret' },
          ...{ optional: false, secret: true, multiline: false },
        },
      ],
    },
  ];
  const offered = {
    'GET /authentication-strategies': () => ({ body: { strategies } }),
  };

  it('has a form of its own, whose secret is typed in secret and sent once', async () => {
    const { sentTo } = openPage(offered);
    const way = await screen.findByRole('radio', { name: /OAuth client/ });
    await waitFor(() => expect(way).toBeEnabled());
    expect(screen.getAllByRole('radio')).toHaveLength(4);
    await userEvent.click(way);
    expect(screen.getByText('Tokens that renew themselves')).toBeVisible();
    await userEvent.type(
      screen.getByRole('textbox', { name: /^Address of the API server/ }),
      'https://dev:6443',
    );
    await userEvent.click(await button('Next'));
    // What is missing is said at the field, and nothing is sent.
    const secret = screen.getByLabelText(/^Client secret/);
    await waitFor(() => expect(secret).toBeInvalid());
    expect(screen.getAllByText('This is needed')).toHaveLength(2);
    expect(sentTo('POST /cluster-checks')).toEqual([]);
    expect(secret).toHaveAttribute('type', 'password');
    await userEvent.type(secret, TOKEN);
    await userEvent.click(screen.getByRole('button', { name: /Issuer/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'The issuer' }),
    );
    await userEvent.click(await button('Next'));
    await screen.findByText('The access works');
    expect(sentTo('POST /cluster-checks')[0].body).toEqual({
      server: 'https://dev:6443',
      authentication: {
        strategy: 'oauthClient',
        fields: { issuer: 'one', clientSecret: TOKEN },
      },
    });
    const stored = JSON.stringify([
      { ...window.localStorage },
      { ...window.sessionStorage },
      window.location.href,
    ]);
    expect(stored).not.toContain(TOKEN);
  });

  it('is asked for again where that failed; the others are there', async () => {
    let isAway = true;
    openPage({
      'GET /authentication-strategies': () =>
        isAway
          ? {
              status: 503,
              error: { name: 'ServiceUnavailableError', message: 'not now' },
            }
          : { body: { strategies } },
    });
    await screen.findByRole('radio', { name: 'With a kubeconfig' });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /More ways to sign in.*not now/,
    );
    expect(screen.getAllByRole('radio')).toHaveLength(3);
    isAway = false;
    await userEvent.click(await button('Try again'));
    expect(
      await screen.findByRole('radio', { name: /OAuth client/ }),
    ).toBeInTheDocument();
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
