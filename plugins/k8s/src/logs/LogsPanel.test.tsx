import { renderInTestApp } from '@backstage/frontend-test-utils';
import { createK8sClient } from '@backstage-k8s/plugin-k8s-common';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import { LogsPanel } from './LogsPanel';
import type { PodSelection } from './logSelection';

// A page with all its parts takes seconds on a busy machine.
jest.setTimeout(60_000);

const SOON = { timeout: 10_000 };
const CLUSTER = { id: 'eu', name: 'prod-eu' };

beforeAll(() => {
  // Nothing is laid out in the tests: without a size no line would be in sight.
  const sizes = { clientHeight: 600, clientWidth: 800 };
  for (const [name, value] of Object.entries(sizes)) {
    Object.defineProperty(HTMLElement.prototype, name, {
      configurable: true,
      value,
    });
  }
});

const event = (name: string, data: unknown) =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

const lines = (pod: string, ...texts: string[]) =>
  event('lines', {
    ...{ pod, container: 'main' },
    lines: texts.map((text, index) => ({
      at: `2026-01-01T00:00:0${index}Z`,
      text,
    })),
  });

const podsEvent = (...pods: string[]) =>
  event('pods', {
    pods: pods.map(pod => ({ pod, container: 'main' })),
    omitted: 0,
  });

/** Shows the panel; each request is answered with the next text, an error, or nothing more. */
async function show(
  answers: (string | { status: number; message: string })[],
  selection: PodSelection = { pods: ['one'] },
) {
  const sent: Record<string, unknown>[] = [];
  let count = 0;
  const client = createK8sClient('http://k8s.test', {
    fetch: async request => {
      sent.push(JSON.parse(await request.text()));
      const answer = answers[Math.min(count, answers.length - 1)];
      count += 1;
      return typeof answer === 'string'
        ? new Response(answer, {
            headers: { 'content-type': 'text/event-stream' },
          })
        : new Response(
            JSON.stringify({
              error: { name: 'E', message: answer.message },
            }),
            { status: answer.status },
          );
    },
  });
  renderInTestApp(
    <K8sProvider>
      <LogsPanel
        cluster={CLUSTER}
        namespace="shop"
        name="payments"
        selection={selection}
        containers={['main', 'beside']}
      />
    </K8sProvider>,
    { apis: [[k8sApiRef, { ...fakeK8sApi({}), client }]] },
  );
  return sent;
}

it('shows what several pods wrote, each by its name, and says that it ended', async () => {
  const sent = await show(
    [
      [
        podsEvent('shop-a', 'shop-b'),
        lines('shop-a', 'first of a'),
        lines('shop-b', 'first of b'),
        event('end', { pod: 'shop-a', container: 'main', reason: 'ended' }),
        event('end', { reason: 'ended' }),
      ].join(''),
    ],
    { selector: 'app=shop' },
  );
  expect(await screen.findByText('first of a', {}, SOON)).toBeVisible();
  expect(screen.getByText('first of b')).toBeVisible();
  expect(screen.getByText('a')).toHaveAttribute('title', 'shop-a main');
  expect(screen.getByText('The log is at its end.')).toBeVisible();
  expect(screen.getByText('2 lines')).toBeVisible();
  expect(sent).toEqual([
    {
      namespace: 'shop',
      labelSelector: 'app=shop',
      follow: true,
      previous: false,
      tailLines: 1000,
    },
  ]);
});

it('marks what is searched for, and shows only that when asked to', async () => {
  await show([podsEvent('one') + lines('one', 'all is well', 'an Error here')]);
  const user = userEvent.setup();
  await screen.findByText('all is well', {}, SOON);
  await user.type(screen.getByRole('searchbox'), 'error');
  expect(await screen.findByText('1 of 2 lines', {}, SOON)).toBeVisible();
  expect(screen.getByText('Error').tagName).toBe('MARK');
  await user.click(screen.getByRole('switch', { name: 'Only matches' }));
  await waitFor(() => expect(screen.queryByText('all is well')).toBeNull());
  expect(screen.getByText('Error')).toBeVisible();
});

it('unfolds a line of JSON', async () => {
  await show([podsEvent('one') + lines('one', '{"level":"info","n":7}')]);
  const user = userEvent.setup();
  const fold = await screen.findByRole('button', { name: /Unfold/ }, SOON);
  await user.click(fold);
  expect(screen.getByText(/"n": 7 }/)).toBeVisible();
  expect(fold).toHaveAttribute('aria-expanded', 'true');
});

it('reads again when something else is chosen, and what was before a restart without following', async () => {
  const sent = await show([podsEvent('one') + lines('one', 'x')]);
  const user = userEvent.setup();
  await screen.findByText('x', {}, SOON);
  await user.click(screen.getByRole('switch', { name: 'Before the restart' }));
  await waitFor(() => expect(sent).toHaveLength(2), SOON);
  expect(sent[1]).toMatchObject({
    pods: ['one'],
    previous: true,
    follow: false,
  });
});

it('says why there is nothing, and which pod cannot be read', async () => {
  await show([
    podsEvent('one') +
      event('end', {
        ...{ pod: 'two', reason: 'failed' },
        message: 'pods "two" not found',
      }) +
      event('end', { reason: 'accessLost' }),
  ]);
  expect(
    await screen.findByText(
      /two cannot be read: pods "two" not found/,
      {},
      SOON,
    ),
  ).toBeVisible();
  expect(screen.getByText('You may not read this log any more.')).toBeVisible();
});

it('says what it would show where nothing was written', async () => {
  await show([podsEvent('one') + event('end', { reason: 'ended' })]);
  expect(
    await screen.findByText('Nothing was written', {}, SOON),
  ).toBeVisible();
});

it('says that it was refused, and tries again', async () => {
  const sent = await show([
    { status: 403, message: 'This needs the role K8sViewer' },
    podsEvent('one') + lines('one', 'here it is'),
  ]);
  expect(
    await screen.findByText(/This needs the role K8sViewer/, {}, SOON),
  ).toBeVisible();
  await userEvent.setup().click(screen.getByRole('button', { name: /again/i }));
  expect(await screen.findByText('here it is', {}, SOON)).toBeVisible();
  expect(sent).toHaveLength(2);
});
