import { skeletonManifest } from './skeleton';

const WIDGET = {
  group: 'example.org',
  version: 'v1',
  plural: 'widgets',
  kind: 'Widget',
  namespaced: true,
};

describe('skeletonManifest', () => {
  it('has what the schema of an unknown kind demands', () => {
    const manifest = skeletonManifest(WIDGET, {
      namespace: 'shop',
      schema: {
        type: 'object',
        required: ['metadata', 'status'],
        properties: {
          metadata: { $ref: '#/definitions/Meta' },
          status: { type: 'object' },
          spec: {
            type: 'object',
            required: ['size', 'mode', 'parts', 'on', 'limits'],
            properties: {
              size: { type: 'integer', minimum: 1 },
              mode: { type: 'string', enum: ['fast', 'safe'] },
              parts: {
                type: 'array',
                items: { $ref: '#/definitions/Part' },
              },
              on: { type: 'boolean', default: true },
              limits: { type: 'object', additionalProperties: true },
              optional: { type: 'string' },
            },
          },
        },
        definitions: {
          Part: {
            type: 'object',
            required: ['name'],
            properties: {
              name: { type: 'string' },
              // What refers to itself has no end.
              part: { $ref: '#/definitions/Part' },
            },
          },
        },
      },
    });
    expect(manifest).toEqual({
      apiVersion: 'example.org/v1',
      kind: 'Widget',
      metadata: { name: '', namespace: 'shop' },
      spec: {
        size: 1,
        mode: 'fast',
        parts: [{ name: '' }],
        on: true,
        limits: {},
      },
    });
  });

  it('ends where a schema demands itself', () => {
    const manifest = skeletonManifest(WIDGET, {
      schema: {
        type: 'object',
        required: ['spec'],
        properties: { spec: { $ref: '#/definitions/Node' } },
        definitions: {
          Node: {
            type: 'object',
            required: ['next'],
            properties: { next: { $ref: '#/definitions/Node' } },
          },
        },
      },
    });
    expect(JSON.stringify(manifest).match(/next/g)?.length).toBeLessThan(20);
  });

  it('has the head where there is no schema, without namespace where there are none', () => {
    expect(skeletonManifest({ ...WIDGET, namespaced: false }, {})).toEqual({
      apiVersion: 'example.org/v1',
      kind: 'Widget',
      metadata: { name: '' },
    });
  });
});
