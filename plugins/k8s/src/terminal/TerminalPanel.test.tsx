import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  discoveryApiRef,
  identityApiRef,
} from '@backstage/frontend-plugin-api';
import type { AccessDecision } from '@backstage-k8s/plugin-k8s-react';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import type { FakeAnswer } from '../__testUtils__/fakeK8sApi';
import { TerminalPanel } from './TerminalPanel';

// A page with all its parts takes seconds on a busy machine.
jest.setTimeout(60_000);

// The real screen measures what only a browser lays out; it is tested in one.
jest.mock('./TerminalScreen', () => {
  const { useEffect, useRef, useState } = jest.requireActual('react');
  const FakeScreen = (props: {
    onScreen: (made: object) => void;
    onType: (text: string) => void;
  }) => {
    const [written, setWritten] = useState('');
    const first = useRef(props);
    useEffect(() => {
      first.current.onScreen({
        write: (data: Uint8Array) =>
          setWritten((before: string) => before + String.fromCharCode(...data)),
        size: { columns: 100, rows: 30 },
        focus: () => {},
      });
    }, []);
    return (
      <div>
        <output aria-label="screen">{written}</output>
        <button type="button" onClick={() => props.onType('ls\r')}>
          type
        </button>
      </div>
    );
  };
  return { __esModule: true, default: FakeScreen };
});

/** A WebSocket whose other end the test is. */
class FakeSocket {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readonly sent: (string | Uint8Array)[] = [];
  readyState = 1;
  binaryType = '';
  onopen?: () => void;
  onclose?: () => void;
  onmessage?: (event: { data: unknown }) => void;

  constructor(readonly url: string) {
    FakeSocket.made.push(this);
  }

  send(data: string | Uint8Array) {
    this.sent.push(data);
  }

  close() {
    this.readyState = 3;
  }

  say(message: object) {
    act(() => this.onmessage?.({ data: JSON.stringify(message) }));
  }
}

const RealSocket = global.WebSocket;
beforeEach(() => {
  FakeSocket.made = [];
  global.WebSocket = FakeSocket as unknown as typeof WebSocket;
});
afterEach(() => {
  global.WebSocket = RealSocket;
});

const ROUTE = 'POST /clusters/eu/namespaces/shop/pods/box/terminals';
const TICKET = {
  id: '11111111-1111-4111-8111-111111111111',
  ticket: 'the-ticket',
  expiresAt: '2026-01-01T00:00:30Z',
  container: 'main',
};

function show(
  options: { answer?: () => FakeAnswer; access?: AccessDecision } = {},
) {
  const api = fakeK8sApi(
    { [ROUTE]: options.answer ?? (() => ({ body: TICKET })) },
    { access: options.access },
  );
  renderInTestApp(
    <K8sProvider>
      <TerminalPanel
        cluster={{ id: 'eu', name: 'prod-eu' }}
        namespace="shop"
        pod="box"
        containers={['main', 'beside']}
      />
    </K8sProvider>,
    {
      apis: [
        [k8sApiRef, api],
        [
          discoveryApiRef,
          { getBaseUrl: async id => `https://portal.test/api/${id}` },
        ],
        [
          identityApiRef,
          {
            getCredentials: async () => ({ token: 'the-token' }),
            getProfileInfo: async () => ({}),
            signOut: async () => {},
            getBackstageIdentity: async () => ({
              type: 'user' as const,
              userEntityRef: 'user:default/jane',
              ownershipEntityRefs: [],
            }),
          },
        ],
      ],
    },
  );
  return api;
}

async function opened() {
  await userEvent
    .setup()
    .click(await screen.findByRole('button', { name: 'Open terminal' }));
  await waitFor(() => expect(FakeSocket.made).toHaveLength(1));
  const [socket] = FakeSocket.made;
  await act(async () => socket.onopen?.());
  return socket;
}

it('says whose typing is kept before anything opens, and opens nothing by itself', async () => {
  const api = show();
  expect(
    await screen.findByText(/What user:default\/jane types is kept/),
  ).toBeVisible();
  expect(api.sent).toEqual([]);
  expect(FakeSocket.made).toEqual([]);
});

it('shows the ticket in the first message and never in the address', async () => {
  const api = show();
  const socket = await opened();
  expect(api.sent[0].body).toEqual({ container: 'main' });
  expect(socket.url).toBe(`wss://portal.test/api/k8s/terminals/${TICKET.id}`);
  expect(JSON.parse(String(socket.sent[0]))).toEqual({
    ...{ ticket: 'the-ticket', token: 'the-token' },
    ...{ columns: 100, rows: 30 },
  });
});

it('passes on what is typed once it is open, and shows what is answered', async () => {
  show();
  const socket = await opened();
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: 'type' }));
  expect(socket.sent).toHaveLength(1);
  socket.say({ type: 'ready' });
  expect(await screen.findByText(/^Open in main\./)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'type' }));
  expect(new TextDecoder().decode(socket.sent.at(-1) as Uint8Array)).toBe(
    'ls\r',
  );
  const { buffer } = Uint8Array.from([104, 105]);
  act(() => socket.onmessage?.({ data: buffer }));
  expect(screen.getByLabelText('screen')).toHaveTextContent('hi');
});

it.each([
  [{ reason: 'exited', exitCode: 0 }, 'The program has ended.'],
  [
    { reason: 'exited', exitCode: 3 },
    'The program has ended with exit code 3.',
  ],
  [{ reason: 'accessLost' }, 'You may not use this terminal any more.'],
  [
    { reason: 'refused', message: 'You have 5 terminals open' },
    'The terminal was refused: You have 5 terminals open',
  ],
  [{ reason: 'brandNew' }, 'The connection was lost.'],
])('says why it closed: %j', async (ending, words) => {
  show();
  const socket = await opened();
  socket.say({ type: 'ready' });
  socket.say({ type: 'end', ...ending });
  expect(await screen.findByText(words)).toBeVisible();
  const again = screen.getByRole('button', { name: 'Open again' });
  await userEvent.setup().click(again);
  await waitFor(() => expect(FakeSocket.made).toHaveLength(2));
});

it('says that the connection was lost', async () => {
  show();
  const socket = await opened();
  act(() => socket.onclose?.());
  expect(await screen.findByText('The connection was lost.')).toBeVisible();
});

it('says why there is none for whom the right is missing', async () => {
  const reason = 'This needs the role K8sAdmin';
  const api = show({ access: { allowed: false, role: 'K8sAdmin', reason } });
  expect(
    await screen.findByText('You may not open a terminal here'),
  ).toBeVisible();
  expect(screen.getByText(reason)).toBeVisible();
  await userEvent
    .setup()
    .click(screen.getByRole('button', { name: 'Open terminal' }));
  expect(api.sent).toEqual([]);
});

it('says what the back end refused', async () => {
  show({
    answer: () => ({
      status: 400,
      error: { name: 'InputError', message: 'The pod has ended' },
    }),
  });
  await userEvent
    .setup()
    .click(await screen.findByRole('button', { name: 'Open terminal' }));
  expect(await screen.findByText(/The pod has ended/)).toBeVisible();
});
