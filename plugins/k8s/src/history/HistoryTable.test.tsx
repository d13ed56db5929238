import { renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import type { FakeAnswer } from '../__testUtils__/fakeK8sApi';
import { changeOrigin } from './changeOrigin';
import type { HistoryEntry, Recording } from './HistoryEntry';
import { HistoryTable } from './HistoryTable';

// The first test waits for what it imports.
jest.setTimeout(60_000);

const SOON = { timeout: 10_000 };
const TARGET = {
  ...{ cluster: 'eu', group: 'apps', plural: 'deployments' },
  ...{ namespace: 'shop', name: 'web' },
};
const ROUTE = 'GET /clusters/eu/resources/apps/deployments/shop/web/history';
const NOW = new Date().toISOString();
const RECORDING: Recording = {
  ...{ kept: 'values', retentionDays: 7, always: false },
  spans: [{ from: new Date(Date.now() - 3_600_000).toISOString(), to: NOW }],
};

const AUDIT: Schema<'AuditEntry'> = {
  ...{ id: 'audit-1', at: NOW, actor: 'user:default/jane' },
  ...{ action: 'deployment.scale', outcome: 'succeeded' },
  resource: { ...TARGET },
  details: { replicas: 5 },
};

function entry(id: string, more: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    ...{ id, at: NOW, type: 'changed', by: 'outside', uid: 'u' },
    ...{ managers: [], changes: [], omitted: 0, ...more },
  };
}

function show(
  answer: FakeAnswer | ((token?: string) => FakeAnswer),
  props: { quietly?: boolean } = {},
) {
  const api = fakeK8sApi({
    [ROUTE]: ({ query }) =>
      typeof answer === 'function' ? answer(query.continue) : answer,
  });
  renderInTestApp(
    <K8sProvider>
      <HistoryTable target={TARGET} clusterName="prod-eu" {...props} />
    </K8sProvider>,
    {
      apis: [[k8sApiRef, api]],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  return api;
}

const page = (
  entries: HistoryEntry[],
  more: { recording?: Recording; continue?: string } = {},
): FakeAnswer => ({ body: { entries, recording: RECORDING, ...more } });

const rowOf = async (text: string | RegExp) => {
  const cell = await screen.findByText(text, {}, SOON);
  return within(cell.closest('tr') as HTMLElement);
};

describe('HistoryTable', () => {
  it('says what differed, who changed it and from where', async () => {
    show(
      page([
        entry('1', {
          by: 'portal',
          managers: [{ manager: 'backstage-k8s', operation: 'Update' }],
          changes: [
            {
              ...{ path: '/spec/replicas', field: 'spec.replicas' },
              ...{ before: 3, after: 5 },
            },
          ],
          audit: AUDIT,
        }),
        entry('2', {
          managers: [{ manager: 'kubectl-edit', operation: 'Update' }],
          changes: [
            { path: '/a', field: 'spec.a', before: 'x', after: 'y' },
            { path: '/b', field: 'spec.b', after: 'z' },
          ],
          omitted: 1,
        }),
        entry('4', {
          by: 'portal',
          changes: [
            { path: '/c', field: 'spec.c', before: 1, after: 2 },
            { path: '/d', field: 'spec.d', before: 1, after: 2 },
          ],
          audit: { ...AUDIT, action: 'deployment.restart', details: {} },
        }),
        entry('3', {
          type: 'created',
          managers: [{ manager: 'kustomize-controller', operation: 'Apply' }],
        }),
      ]),
    );
    const ours = await rowOf('spec.replicas: 3 → 5');
    expect(ours.getByText(/jane/i)).toBeVisible();
    expect(ours.getByText('portal')).toBeVisible();
    const others = await rowOf('spec.a: x → y and 2 more fields');
    expect(others.getByText('kubectl-edit')).toBeVisible();
    expect(others.getByText('kubectl')).toBeVisible();
    expect(await rowOf('Restart web')).toBeTruthy();
    const created = await rowOf('Created');
    expect(created.getByText('Flux')).toBeVisible();
    expect(screen.getByRole('note')).toHaveTextContent(
      /Recorded for 1 h|Recorded for 60 min/,
    );
    expect(screen.getByRole('note')).toHaveTextContent(/Kept for 7 days/);
  });

  it('shows the difference line by line, and leads to the entry of the audit', async () => {
    show(
      page([
        entry('1', {
          by: 'portal',
          changes: [
            {
              ...{ path: '/data/config', field: 'data.config' },
              ...{ before: 'a: 1\nb: 2\n', after: 'a: 1\nb: 3\n' },
            },
          ],
          audit: AUDIT,
        }),
      ]),
    );
    await screen.findByText('data.config', {}, SOON);
    await userEvent.click(
      screen.getByRole('button', { name: /Details of: data.config/ }),
    );
    const diff = await screen.findByRole('group', {
      name: 'What differs',
    });
    expect(diff).toHaveTextContent(/b: 2/);
    expect(diff).toHaveTextContent(/b: 3/);
    const link = screen.getByRole('link', { name: /Scale web/ });
    expect(link).toHaveAttribute(
      'href',
      '/k8s/clusters/eu/changes?search=web&entry=audit-1',
    );
  });

  it('says of values that look alike as they are kept that they differ', async () => {
    const long = 'x'.repeat(1_000);
    const alike = (field: string, value: string) => ({
      ...{ path: `/${field}`, field, before: value, after: value },
    });
    show(
      page([
        entry('1', { changes: [alike('data.text', long)] }),
        entry('2', { changes: [alike('data.token', '[secret]')] }),
        entry('3', {
          changes: [
            alike('data.other', '[secret]'),
            { path: '/a', field: 'data.a', before: '1', after: '2' },
          ],
        }),
      ]),
    );
    expect(await rowOf('data.token')).toBeTruthy();
    await rowOf('data.other and 1 more field');
    for (const [index, field] of ['text', 'token', 'other'].entries()) {
      await userEvent.click(
        screen.getAllByRole('button', { name: /^Details of/ })[index],
      );
      expect(
        await screen.findByText(`data.${field} differs where it is not kept.`),
      ).toBeVisible();
      expect(screen.queryByText('Nothing would change.')).toBeNull();
    }
    // What can be shown is.
    expect(
      screen.getByRole('group', { name: 'What differs' }),
    ).toHaveTextContent('data.a');
  });

  it.each<[string, HistoryEntry, string, string]>([
    [
      'whom it may not name',
      entry('1', { by: 'portal', changes: [{ path: '/a', field: 'a' }] }),
      'a',
      'a user of the portal',
    ],
    [
      'that nobody knows who deleted it',
      entry('1', { type: 'deleted', by: 'unknown' }),
      'Deleted',
      'not known',
    ],
    [
      'that it is on its way out',
      entry('1', {
        changes: [{ path: '/metadata/deletionTimestamp', field: 'x' }],
      }),
      'Deletion asked for',
      'not known',
    ],
    [
      'what was refused',
      entry('1', {
        ...{ type: 'request', by: 'portal' },
        audit: { ...AUDIT, outcome: 'refused', reason: 'No' },
      }),
      'refused: Scale web to 5 replicas',
      'portal',
    ],
  ])('says %s', async (_, one, what, who) => {
    show(page([one]));
    const row = await rowOf(what);
    expect(row.getByText(who)).toBeVisible();
  });

  it('says that values of Secrets were set, and none', async () => {
    show(
      page(
        [
          entry('1', {
            changes: [{ path: '/data', field: 'data', hidden: true }],
          }),
        ],
        { recording: { ...RECORDING, kept: 'keys' } },
      ),
    );
    await screen.findByText('data', {}, SOON);
    expect(screen.getByRole('note')).toHaveTextContent(/only which keys/);
    await userEvent.click(screen.getByRole('button', { name: /Details/ }));
    expect(await screen.findByText(/Values of data were set/)).toBeVisible();
  });

  it.each<[string, Partial<Recording>, RegExp]>([
    ['from now on', { spans: [] }, /recorded from now on/],
    [
      'whoever looks',
      { always: true, spans: [] },
      /recorded once the cluster was read/,
    ],
    ['not at all', { kept: 'none' }, /change all the time by themselves/],
    ['nowhere', { kept: 'none', retentionDays: 0 }, /retentionDays is 0/],
    [
      'with what was too much',
      {
        spans: [
          {
            ...RECORDING.spans[0],
            dropped: { from: '2026-01-01T00:00:00Z', to: NOW },
          },
        ],
      },
      /Between .*2026.* and .* some changes were too many/,
    ],
    [
      'until then',
      {
        spans: [
          { from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z' },
          { from: '2025-01-01T00:00:00Z', to: '2025-01-01T01:00:00Z' },
        ],
      },
      /Last recorded .* with gaps/,
    ],
  ])(
    'says that it is recorded %s where there is nothing',
    async (_, more, words) => {
      show(page([], { recording: { ...RECORDING, ...more } }));
      expect(
        await screen.findByText(/No change of it is known/, {}, SOON),
      ).toBeVisible();
      expect(document.body).toHaveTextContent(words);
    },
  );

  it('goes on where the page ends', async () => {
    show(token =>
      token
        ? page([entry('2', { type: 'created' })])
        : page([entry('1', { type: 'deleted' })], { continue: 'next' }),
    );
    await screen.findByText('Deleted', {}, SOON);
    await userEvent.click(screen.getByRole('button', { name: /more/i }));
    expect(await screen.findByText('Created')).toBeVisible();
  });

  it('tells a fault, but not where nothing is to be shown', async () => {
    const fault = {
      status: 503,
      error: {
        name: 'ServiceUnavailableError',
        message: 'The database is away',
      },
    };
    show(fault);
    expect(
      await screen.findByText(/The database is away/, {}, SOON),
    ).toBeVisible();
  });
});

test.each([
  ['backstage-k8s', 'portal'],
  ['kubectl-client-side-apply', 'kubectl'],
  ['helm-controller', 'flux'],
  ['argocd-controller', 'argo'],
  ['Helm', 'helm'],
  ['kube-controller-manager', 'kubernetes'],
  ['my-operator', 'other'],
])('%s writes from %s', (manager, origin) => {
  expect(changeOrigin(manager)).toBe(origin);
});
