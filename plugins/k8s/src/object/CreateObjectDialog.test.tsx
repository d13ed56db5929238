import { storageApiRef } from '@backstage/frontend-plugin-api';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { parse } from 'yaml';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import { CreateObjectDialog } from './CreateObjectDialog';
import type { YamlCodeProps } from './YamlCode';

// The editor measures what a test's document has not; what matters here is what goes in and out.
jest.mock('./YamlCode', () => ({
  __esModule: true,
  default: ({ label, value, onChange }: YamlCodeProps) => (
    <textarea
      aria-label={label}
      value={value}
      onChange={event => onChange?.(event.target.value)}
    />
  ),
}));

// A dialog with a form takes seconds on a busy machine.
jest.setTimeout(60_000);

const SOON = { timeout: 20_000 };

const WIDGETS: Kind = {
  ...{ group: 'example.org', version: 'v1', versions: ['v1'] },
  ...{ plural: 'widgets', kind: 'Widget', namespaced: true },
  ...{ category: 'custom' as const, custom: true, shortNames: [] },
  ...{ verbs: ['create'], actions: [], columns: [] },
};
const SCHEMA = {
  type: 'object',
  required: ['spec'],
  properties: {
    metadata: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        namespace: { type: 'string' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        uid: { type: 'string' },
      },
    },
    spec: {
      type: 'object',
      required: ['mode'],
      properties: {
        mode: { type: 'string', enum: ['fast', 'safe'] },
        size: { type: 'integer', description: 'How large it is. And more.' },
        port: { 'x-kubernetes-int-or-string': true },
        isOn: { type: 'boolean' },
        parts: {
          type: 'array',
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' } },
          },
        },
        deep: {
          type: 'object',
          properties: {
            deeper: {
              type: 'object',
              properties: { hidden: { type: 'string' } },
            },
          },
        },
        anything: { 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    status: { type: 'object', properties: { phase: { type: 'string' } } },
  },
};

const PATH = '/clusters/eu/resources/example.org/widgets';

async function open(
  schema: object | null = SCHEMA,
  storage = mockApis.storage(),
) {
  const api = fakeK8sApi({
    'GET /clusters/eu/kinds/example.org/widgets/schema': () =>
      schema
        ? { body: { schema } }
        : { status: 404, error: { name: 'NotFoundError', message: 'none' } },
    'GET /clusters/eu/namespaces': () => ({
      body: {
        namespaces: [{ name: 'shop', status: 'Active', labels: {} }],
        cache: { state: 'live' },
      },
    }),
    [`POST ${PATH}`]: ({ body, query }) => {
      const { manifest } = body as { manifest: { metadata: { name: string } } };
      const { name } = manifest.metadata;
      return {
        body: query.dryRun
          ? {
              ...{ name, status: 'planned' },
              plan: {
                before: null,
                after: manifest,
                changes: [],
                warnings: [],
              },
            }
          : { name, status: 'done' },
      };
    },
  });
  const { unmount: leave } = renderInTestApp(
    <K8sProvider>
      <CreateObjectDialog
        cluster={{ id: 'eu', name: 'prod-eu' }}
        kind={WIDGETS}
        namespace="shop"
        onClose={() => {}}
      />
    </K8sProvider>,
    {
      apis: [
        [k8sApiRef, api],
        [storageApiRef, storage],
      ],
    },
  );
  await screen.findByRole('dialog', {}, SOON);
  const created = () =>
    api.sent
      .filter(({ route, query }) => route === `POST ${PATH}` && !query.dryRun)
      .map(({ body }) => (body as { manifest: object }).manifest);
  return { created, leave };
}

const field = (name: string | RegExp) =>
  screen.findByRole('textbox', { name }, SOON);
const press = async (name: string | RegExp) =>
  userEvent.click(await screen.findByRole('button', { name }, SOON));
const yamlText = async () => {
  await userEvent.click(screen.getByRole('tab', { name: 'YAML' }));
  const editor = await field('YAML of Widget');
  return (editor as HTMLTextAreaElement).value;
};
const nameField = () => field(/^Name/);

describe('creating an object', () => {
  it('is done by a form: what is needed first, nothing that the cluster writes', async () => {
    const { created } = await open();
    const name = await nameField();
    await waitFor(() => expect(name).toHaveFocus());
    const next = screen.getByRole('button', { name: 'Show what would change' });
    expect(next).toBeDisabled();
    expect(screen.queryByText('UID')).toBeNull();
    expect(screen.queryByText('Status')).toBeNull();
    await userEvent.type(name, 'first');
    await userEvent.selectOptions(screen.getByLabelText(/^Mode/), 'safe');
    await userEvent.type(screen.getByLabelText('Size'), '3');
    await userEvent.type(screen.getByLabelText('Port'), '8080');
    await userEvent.selectOptions(screen.getByLabelText('Is on'), 'false');
    await press('Add to Labels');
    await userEvent.type(await field('Key 1 of Labels'), 'app');
    await userEvent.type(await field('Value of app in Labels'), 'x');
    await press('Add to Parts');
    // The steps of the dialog are a list too.
    const part = screen.getAllByRole('listitem').at(-1)!;
    await userEvent.type(within(part).getByLabelText(/^Name/), 'p');
    expect(within(part).getByText('p')).toBeInTheDocument();
    await press('Show what would change');
    await press('Create');
    await waitFor(() => expect(created()).toHaveLength(1));
    expect(created()[0]).toEqual({
      ...{ apiVersion: 'example.org/v1', kind: 'Widget' },
      metadata: { name: 'first', namespace: 'shop', labels: { app: 'x' } },
      spec: {
        ...{ mode: 'safe', size: 3, port: 8080, isOn: false },
        parts: [{ name: 'p' }],
      },
    });
  });

  it('keeps what was typed, from the form to YAML and back', async () => {
    await open();
    await userEvent.type(await nameField(), 'first');
    expect(parse(await yamlText()).metadata.name).toBe('first');
    const editor = await field('YAML of Widget');
    const text = [
      '# why it is as it is',
      'apiVersion: example.org/v1',
      'kind: Widget',
      'metadata:',
      '  name: second',
      '  namespace: shop',
      'spec:',
      '  mode: fast',
      '  size: many',
      '  unheardOf: { a: [1] }',
      '',
    ].join('\n');
    await userEvent.clear(editor);
    await userEvent.click(editor);
    await userEvent.paste(text);
    await userEvent.click(screen.getByRole('tab', { name: 'Form' }));
    expect(await nameField()).toHaveValue('second');
    expect(
      screen.getByText(/Comments of the YAML are not kept/),
    ).toBeInTheDocument();
    // Of the wrong type, and unknown: as they were written.
    expect(await field('YAML of Size')).toHaveValue('many');
    expect(await field('YAML of Unheard of')).toHaveValue('a:\n  - 1');
    // Nothing was changed: comments are still there.
    expect(await yamlText()).toBe(text);
    await userEvent.click(screen.getByRole('tab', { name: 'Form' }));
    await userEvent.type(await nameField(), 's');
    expect(parse(await yamlText())).toEqual({
      ...{ apiVersion: 'example.org/v1', kind: 'Widget' },
      metadata: { name: 'seconds', namespace: 'shop' },
      spec: { mode: 'fast', size: 'many', unheardOf: { a: [1] } },
    });
  });

  it('takes pieces of YAML, and does not go on while one cannot be read', async () => {
    await open();
    await userEvent.type(await nameField(), 'first');
    await press('Write Anything as YAML');
    const piece = await field('YAML of Anything');
    await userEvent.click(piece);
    await userEvent.paste('a: [1');
    const next = screen.getByRole('button', { name: 'Show what would change' });
    expect(next).toBeDisabled();
    expect(screen.getByText(/A piece of YAML/)).toBeInTheDocument();
    await userEvent.paste(']');
    expect(next).toBeEnabled();
    expect(parse(await yamlText()).spec.anything).toEqual({ a: [1] });
  });

  it('is written as a form also where the YAML has no metadata yet', async () => {
    await open();
    await nameField();
    await yamlText();
    const editor = await field('YAML of Widget');
    await userEvent.clear(editor);
    await userEvent.click(editor);
    await userEvent.paste('apiVersion: example.org/v1\nkind: Widget\n');
    await userEvent.click(screen.getByRole('tab', { name: 'Form' }));
    await userEvent.type(await nameField(), 'a');
    expect(parse(await yamlText()).metadata).toEqual({ name: 'a' });
    await userEvent.click(screen.getByRole('tab', { name: 'Form' }));
    // Its only field: now there is no metadata again, and where to type one still is.
    await userEvent.clear(await nameField());
    expect(screen.getByText('Give it a name.')).toBeInTheDocument();
    expect(parse(await yamlText()).metadata).toBeUndefined();
    await userEvent.click(screen.getByRole('tab', { name: 'Form' }));
    await userEvent.type(await nameField(), 'b');
    expect(parse(await yamlText()).metadata).toEqual({ name: 'b' });
  });

  it('keeps items of lists what they are while they are emptied and written anew', async () => {
    const listOf = (items: object) => ({ type: 'array', items });
    await open({
      ...SCHEMA,
      properties: {
        ...SCHEMA.properties,
        spec: {
          type: 'object',
          properties: {
            texts: listOf({ type: 'string' }),
            sizes: listOf({ type: 'integer' }),
            modes: listOf({ type: 'string', enum: ['fast', 'safe'] }),
            flags: listOf({ type: 'boolean' }),
          },
        },
      },
    });
    const roles = {
      ...{ Texts: 'textbox', Sizes: 'spinbutton' },
      ...{ Modes: 'combobox', Flags: 'combobox' },
    };
    for (const list of Object.keys(roles)) await press(`Add to ${list}`);
    const inputs = () =>
      Object.entries(roles).map(([name, role]) =>
        within(screen.getByRole('group', { name })).getByRole(role),
      );
    const fill = async (values: string[]) => {
      for (const [index, value] of values.entries()) {
        if (index < 2) {
          await userEvent.clear(inputs()[index]);
          if (value) await userEvent.type(inputs()[index], value);
        } else {
          await userEvent.selectOptions(inputs()[index], value);
        }
      }
    };
    await fill(['x', '12', 'safe', 'true']);
    await fill(['', '', '', '']);
    expect(screen.queryByRole('textbox', { name: /^YAML of/ })).toBeNull();
    expect(inputs()[1]).toHaveValue(null);
    await fill(['y', '30', 'fast', 'true']);
    expect(parse(await yamlText()).spec).toEqual({
      ...{ texts: ['y'], sizes: [30], modes: ['fast'], flags: [true] },
    });
  });

  it('keeps a piece of YAML that cannot be read while something else is looked at', async () => {
    await open();
    await userEvent.type(await nameField(), 'first');
    await press('Write Anything as YAML');
    await userEvent.click(await field('YAML of Anything'));
    await userEvent.paste('a: [1]');
    await userEvent.paste('\nb: [2');
    const next = screen.getByRole('button', { name: 'Show what would change' });
    const isBlocked = () => {
      expect(next).toBeDisabled();
      expect(
        screen.getByText(/A piece of YAML .*spec\.anything/),
      ).toBeInTheDocument();
    };
    isBlocked();
    await press(/^Spec/);
    expect(screen.queryByLabelText('YAML of Anything')).toBeNull();
    isBlocked();
    await press(/^Spec/);
    expect(await field('YAML of Anything')).toHaveValue('a: [1]\nb: [2');
    expect(parse(await yamlText()).spec.anything).toEqual({ a: [1] });
    isBlocked();
    await userEvent.click(screen.getByRole('tab', { name: 'Form' }));
    const piece = await field('YAML of Anything');
    expect(piece).toHaveValue('a: [1]\nb: [2');
    await userEvent.click(piece);
    await userEvent.paste(']');
    expect(next).toBeEnabled();
    expect(parse(await yamlText()).spec.anything).toEqual({ a: [1], b: [2] });
  });

  it('does not drop what has no key or the key of another', async () => {
    await open();
    await userEvent.type(await nameField(), 'first');
    const next = screen.getByRole('button', { name: 'Show what would change' });
    await press('Add to Labels');
    expect(next).toBeEnabled();
    await userEvent.type(await field('Value of in Labels'), 'x');
    expect(next).toBeDisabled();
    const key = await field('Key 1 of Labels');
    expect(key).toHaveAccessibleDescription('The value needs a key.');
    await userEvent.type(key, 'app');
    expect(next).toBeEnabled();
    await press('Add to Labels');
    await userEvent.type(await field('Key 2 of Labels'), 'app');
    expect(next).toBeDisabled();
    for (const number of [1, 2]) {
      expect(
        await field(`Key ${number} of Labels`),
      ).toHaveAccessibleDescription('There are two of these.');
    }
    await userEvent.type(await field('Key 2 of Labels'), 's');
    expect(next).toBeEnabled();
    expect(parse(await yamlText()).metadata.labels).toEqual({
      ...{ app: 'x', apps: '' },
    });
  });

  it('says in words of its own what the schema does not allow', async () => {
    const listOf = (limits: object) => ({
      ...{ type: 'array', items: { type: 'string' }, ...limits },
    });
    await open({
      ...SCHEMA,
      properties: {
        ...SCHEMA.properties,
        spec: {
          type: 'object',
          required: ['short', 'mode'],
          properties: {
            short: { type: 'string', minLength: 3 },
            long: { type: 'string', maxLength: 2 },
            size: { type: 'integer' },
            few: listOf({ minItems: 2 }),
            many: listOf({ maxItems: 1 }),
            mode: { type: 'string', enum: ['fast', 'safe'] },
          },
        },
      },
    });
    await nameField();
    const mode = screen.getByLabelText(/^Mode/);
    expect(mode).toBeRequired();
    expect(mode).toBeValid();
    await userEvent.selectOptions(mode, 'safe');
    await userEvent.selectOptions(mode, '');
    await userEvent.type(screen.getByLabelText(/^Short/), 'ab');
    expect(mode).toBeInvalid();
    expect(mode).toHaveAccessibleDescription('This is needed');
    await userEvent.type(screen.getByLabelText('Long'), 'abc');
    await userEvent.type(screen.getByLabelText('Size'), '1.5');
    await press('Add to Few');
    await press('Add to Many');
    await press('Add to Many');
    for (const words of [
      'It needs at least 3 characters',
      'It can have 2 characters at most',
      'It has to be a whole number',
      'It needs at least 2 entries',
      'It can have 1 entry at most',
    ]) {
      expect(screen.getByText(words)).toBeInTheDocument();
    }
    expect(screen.queryByText(/must/)).toBeNull();
  });

  it('refuses names as the back end does', async () => {
    await open();
    const name = await nameField();
    await userEvent.type(name, 'Not_Allowed');
    expect(
      screen.getAllByText(/Kubernetes does not allow this name/).length,
    ).toBeGreaterThan(0);
    expect(
      screen.getByRole('button', { name: 'Show what would change' }),
    ).toBeDisabled();
    expect(name).toHaveAttribute('aria-invalid', 'true');
  });

  it('finds a field that is folded away, by keyboard', async () => {
    await open();
    await nameField();
    expect(screen.queryByLabelText('Hidden')).toBeNull();
    await userEvent.click(
      screen.getByRole('combobox', { name: 'Find a field' }),
    );
    await userEvent.keyboard('hidden{Enter}');
    const hidden = await screen.findByLabelText('Hidden', {}, SOON);
    await waitFor(() => expect(hidden).toHaveFocus());
    await userEvent.keyboard('x');
    expect(parse(await yamlText()).spec.deep).toEqual({
      deeper: { hidden: 'x' },
    });
  });

  it('has YAML only for a kind of which the cluster gives no schema', async () => {
    await open(null);
    expect(
      await screen.findByText(/so there is no form for it/, {}, SOON),
    ).toBeInTheDocument();
    expect(await yamlText()).toContain('kind: Widget');
  });

  it('is written as it was the last time', async () => {
    const storage = mockApis.storage();
    const { leave } = await open(SCHEMA, storage);
    await nameField();
    await yamlText();
    leave();
    await open(SCHEMA, storage);
    expect(await field('YAML of Widget')).toBeInTheDocument();
  });
});
