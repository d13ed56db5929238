import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { createK8sClient } from '@backstage-k8s/plugin-k8s-common';
import { k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import type { K8sApi } from '@backstage-k8s/plugin-k8s-react';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { ClusterPicker } from './ClusterPicker';
import { NamespacePicker } from './NamespacePicker';

/** Milliseconds; a whole app is rendered. */
const PATIENCE_MS = 30_000;
jest.setTimeout(PATIENCE_MS);

const CLUSTERS = [
  { id: '0a1b', name: 'Production', labels: { environment: 'production' } },
  { id: '2c3d', name: 'Test', labels: { environment: 'test' } },
];

/** The back end with two clusters, and what was asked of it. */
function fakeApi() {
  const asked: string[] = [];
  const api: K8sApi = {
    client: createK8sClient('http://k8s.test', {
      fetch: async request => {
        const { pathname } = new URL(request.url);
        asked.push(pathname);
        const body = pathname.endsWith('/namespaces')
          ? { namespaces: [{ name: 'payments' }], cache: { state: 'fresh' } }
          : { clusters: CLUSTERS };
        return new Response(JSON.stringify(body), {
          headers: { 'content-type': 'application/json' },
        });
      },
    }),
    subscribe: () => () => {},
    streamState: { get: () => ({ state: 'live' }), subscribe: () => () => {} },
    reviewAccess: async () => ({ allowed: true }),
  };
  return { api, asked };
}

type FieldProps = Parameters<typeof ClusterPicker>[0] &
  Parameters<typeof NamespacePicker>[0];

/** Shows a picker in a form that keeps what is chosen. */
async function show(
  Picker: (props: FieldProps) => JSX.Element,
  options: {
    ui?: Record<string, unknown>;
    form?: Record<string, string>;
  } = {},
) {
  const { api, asked } = fakeApi();
  const chosen: (string | undefined)[] = [];
  function Form() {
    const [value, setValue] = useState<string>();
    const props = {
      schema: {},
      uiSchema: { 'ui:options': options.ui },
      idSchema: { $id: 'field' },
      formContext: { formData: options.form ?? {} },
      formData: value,
      rawErrors: [],
      required: true,
      onChange: (next: string | undefined) => {
        chosen.push(next);
        setValue(next);
      },
    };
    return <Picker {...(props as unknown as FieldProps)} />;
  }
  await renderInTestApp(
    <TestApiProvider apis={[[k8sApiRef, api]]}>
      <Form />
    </TestApiProvider>,
  );
  return { asked, chosen };
}

/** The field for a namespace, once its cluster is known. */
async function namespaceInput(): Promise<HTMLElement> {
  const find = () => screen.getByRole('textbox', { name: /Namespace/ });
  await waitFor(() => expect(find()).toBeEnabled());
  return find();
}

it('gives the name of the cluster that was chosen', async () => {
  const { chosen } = await show(ClusterPicker);
  await userEvent.click(
    await screen.findByRole('textbox', { name: /Cluster/ }),
  );
  expect(
    (await screen.findAllByRole('option')).map(option => option.textContent),
  ).toEqual(['Production', 'Test']);
  await userEvent.click(screen.getByText('Test'));
  expect(chosen).toEqual(['Test']);
});

it('offers only clusters with the labels that the template wants', async () => {
  await show(ClusterPicker, { ui: { labels: { environment: 'test' } } });
  await userEvent.click(
    await screen.findByRole('textbox', { name: /Cluster/ }),
  );
  expect(
    (await screen.findAllByRole('option')).map(option => option.textContent),
  ).toEqual(['Test']);
});

it('says when there is no cluster to choose', async () => {
  await show(ClusterPicker, { ui: { labels: { environment: 'none' } } });
  expect(
    await screen.findByText('There is no cluster to choose that you may see.'),
  ).toBeInTheDocument();
});

it('asks for the namespaces of the cluster in the form', async () => {
  const { asked, chosen } = await show(NamespacePicker, {
    form: { target: 'Test' },
    ui: { clusterField: 'target' },
  });
  await userEvent.click(await namespaceInput());
  await userEvent.click(await screen.findByText('payments'));
  expect(chosen).toEqual(['payments']);
  expect(asked).toContain('/clusters/2c3d/namespaces');
});

it('wants a cluster first', async () => {
  const { asked } = await show(NamespacePicker);
  expect(
    await screen.findByText('Choose a cluster first.'),
  ).toBeInTheDocument();
  expect(screen.getByRole('textbox', { name: /Namespace/ })).toBeDisabled();
  expect(asked).not.toContain('/clusters/2c3d/namespaces');
});

it('takes a namespace that does not exist yet where the template allows it', async () => {
  const { chosen } = await show(NamespacePicker, {
    ui: { cluster: '0a1b', allowNew: true },
  });
  await userEvent.type(await namespaceInput(), 'brand-new');
  await userEvent.tab();
  expect(chosen.at(-1)).toBe('brand-new');
});

it('keeps what was typed, also where it is part of what was chosen before', async () => {
  const { chosen } = await show(NamespacePicker, {
    ui: { cluster: '0a1b', allowNew: true },
  });
  await userEvent.click(await namespaceInput());
  await userEvent.click(await screen.findByText('payments'));
  await userEvent.clear(await namespaceInput());
  await userEvent.type(await namespaceInput(), 'pay');
  await userEvent.hover(await screen.findByRole('option'));
  await userEvent.tab();
  expect(chosen.at(-1)).toBe('pay');
  expect(await namespaceInput()).toHaveValue('pay');
});

it('offers what is like what was typed', async () => {
  await show(NamespacePicker, { ui: { cluster: '0a1b', allowNew: true } });
  await userEvent.type(await namespaceInput(), 'pay');
  expect(await screen.findByRole('option')).toHaveTextContent('payments');
  await userEvent.type(await namespaceInput(), '-new');
  expect(screen.queryByRole('option')).toBeNull();
});
