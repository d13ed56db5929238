import { NotFoundError } from '@backstage/errors';
import { CannedConnections } from './__testUtils__/CannedConnections';
import { KindSchemas } from './KindSchemas';

const signal = new AbortController().signal;
const DEPLOYMENT = { group: 'apps', version: 'v1', kind: 'Deployment' };
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const document = (description = 'A deployment') => ({
  components: {
    schemas: {
      Deployment: {
        description,
        type: 'object',
        properties: {
          spec: { allOf: [reference('Spec')], default: {} },
          description: { type: 'string', description: 'A field called so' },
        },
        'x-kubernetes-group-version-kind': [DEPLOYMENT],
      },
      Spec: { properties: { template: reference('Template') } },
      Template: { items: reference('Spec') },
      Unrelated: { type: 'object' },
      List: {
        'x-kubernetes-group-version-kind': [
          { ...DEPLOYMENT, kind: 'DeploymentList' },
        ],
        items: reference('Deployment'),
      },
      Tree: {
        properties: { children: { items: reference('Tree') } },
        'x-kubernetes-group-version-kind': [{ ...DEPLOYMENT, kind: 'Tree' }],
      },
    },
  },
});

function setUp(options: { hash?: string } = {}) {
  const state = { hash: options.hash ?? 'A1', text: 'A deployment' };
  const connections = new CannedConnections(({ path }) => {
    if (path === '/openapi/v3') {
      return {
        paths: {
          'apis/apps/v1': {
            serverRelativeURL: `/openapi/v3/apis/apps/v1?hash=${state.hash}`,
          },
        },
      };
    }
    if (path === '/openapi/v3/apis/apps/v1') return document(state.text);
    throw new NotFoundError('no such path');
  });
  const schemas = new KindSchemas({ connections });
  return { connections, schemas, state };
}

describe('KindSchemas', () => {
  it('answers the schema of a kind with what it refers to, and nothing else', async () => {
    const { schemas } = setUp();
    const schema = await schemas.get('c1', DEPLOYMENT, { signal });
    expect(schema).toMatchObject({
      description: 'A deployment',
      properties: {
        spec: { allOf: [{ $ref: '#/definitions/Spec' }] },
        description: { description: 'A field called so' },
      },
      definitions: {
        Spec: { properties: { template: { $ref: '#/definitions/Template' } } },
        Template: { items: { $ref: '#/definitions/Spec' } },
      },
    });
    expect(Object.keys(schema.definitions as object)).toEqual([
      'Spec',
      'Template',
    ]);
  });

  it('keeps a kind that refers to itself among what is referred to', async () => {
    const { schemas } = setUp();
    const { definitions } = await schemas.get(
      'c1',
      { ...DEPLOYMENT, kind: 'Tree' },
      { signal },
    );
    expect(definitions).toMatchObject({
      Tree: {
        properties: { children: { items: { $ref: '#/definitions/Tree' } } },
      },
    });
  });

  it('reads a document again only when its hash is another', async () => {
    const { schemas, connections, state } = setUp();
    const path = '/openapi/v3/apis/apps/v1';
    await schemas.get('c1', DEPLOYMENT, { signal });
    await schemas.get('c1', DEPLOYMENT, { signal });
    expect(connections.count(path)).toBe(1);
    state.hash = 'B2';
    state.text = 'Another text';
    const { description } = await schemas.get('c1', DEPLOYMENT, { signal });
    expect(description).toBe('Another text');
    expect(connections.requests.at(-1)).toMatchObject({
      path,
      query: { hash: 'B2' },
    });
    connections.change({ cluster: 'c1', action: 'upserted' });
    await schemas.get('c1', DEPLOYMENT, { signal });
    expect(connections.count(path)).toBe(3);
  });

  it('goes nowhere else, whatever the index says', async () => {
    const { schemas, connections } = setUp({
      hash: 'x/../../../api/v1/secrets&path=/api',
    });
    await schemas.get('c1', DEPLOYMENT, { signal });
    expect(connections.requests.map(({ path }) => path)).toEqual([
      '/openapi/v3',
      '/openapi/v3/apis/apps/v1',
    ]);
  });

  it('says that there is none', async () => {
    const { schemas } = setUp();
    for (const kind of [
      { ...DEPLOYMENT, kind: 'Nothing' },
      { ...DEPLOYMENT, group: 'example.org' },
    ]) {
      await expect(schemas.get('c1', kind, { signal })).rejects.toThrow(
        `The cluster publishes no schema of ${kind.kind}`,
      );
    }
    const connections = new CannedConnections(() => {
      throw new NotFoundError('404 page not found');
    });
    await expect(
      new KindSchemas({ connections }).get('c1', DEPLOYMENT, { signal }),
    ).rejects.toThrow(/needs Kubernetes 1\.24/);
  });

  it('is bounded: first without descriptions, then refused', async () => {
    const { schemas, state } = setUp();
    state.text = 'a'.repeat(5_000_000);
    const short = await schemas.get('c1', DEPLOYMENT, { signal });
    expect(short.description).toBeUndefined();
    expect(short.properties).toMatchObject({
      description: { type: 'string' },
    });
    const huge = new CannedConnections(({ path }) => {
      if (path === '/openapi/v3') return {};
      const { components } = document();
      Object.assign(components.schemas.Spec, {
        pattern: 'a'.repeat(5_000_000),
      });
      return { components };
    });
    await expect(
      new KindSchemas({ connections: huge }).get('c1', DEPLOYMENT, { signal }),
    ).rejects.toThrow('The schema of Deployment is too large to be shown');
  });
});
