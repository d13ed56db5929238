/** What a new manifest begins with: what the schema of its kind demands. */
import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import type { Manifest } from '../manifest';
import { apiVersionOf } from '../manifest';
import { resolveSchema, typesOf } from './JsonSchema';
import type { JsonSchema } from './JsonSchema';

/** Levels below `spec` that are filled in; what is deeper is for who writes it. */
const DEPTH = 8;
/** Filled in although nobody demands it: without it an object is nothing. */
const ALWAYS = ['spec'];

function skeletonOf(
  schema: JsonSchema,
  options: { root: JsonSchema; depth: number },
): unknown {
  const { root, depth } = options;
  if (schema.default !== undefined) return schema.default;
  const [first] = (schema.enum ?? []).filter(value => value !== null);
  if (first !== undefined) return first;
  const inner = { root, depth: depth - 1 };
  const types = typesOf(schema, root);
  if (types.includes('array')) {
    return schema.items && depth > 0
      ? [skeletonOf(resolveSchema(schema.items, root), inner)]
      : [];
  }
  if (types.includes('integer') || types.includes('number')) {
    return schema.minimum ?? 0;
  }
  if (types.includes('boolean')) return false;
  if (types.includes('string')) return '';
  return depth > 0 ? fieldsOf(schema, inner) : {};
}

function fieldsOf(
  schema: JsonSchema,
  options: { root: JsonSchema; depth: number },
): Record<string, unknown> {
  const { root } = options;
  const { properties = {}, required = [] } = schema;
  const wanted = Object.keys(properties).filter(
    name => required.includes(name) || ALWAYS.includes(name),
  );
  return Object.fromEntries(
    wanted.map(name => [
      name,
      skeletonOf(resolveSchema(properties[name], root), options),
    ]),
  );
}

const POD = {
  metadata: { labels: { app: 'example' } },
  spec: { containers: [{ name: 'app', image: 'registry.example/app:1.0' }] },
};

/** Kinds whose schema demands too little of what they need to work. */
const EXAMPLES: Readonly<Record<string, Record<string, unknown>>> = {
  'pods.': { spec: POD.spec },
  'deployments.apps': {
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'example' } },
      template: POD,
    },
  },
  'statefulsets.apps': {
    spec: {
      replicas: 1,
      serviceName: 'example',
      selector: { matchLabels: { app: 'example' } },
      template: POD,
    },
  },
  'daemonsets.apps': {
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: POD,
    },
  },
  'jobs.batch': {
    spec: { template: { spec: { ...POD.spec, restartPolicy: 'Never' } } },
  },
  'cronjobs.batch': {
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: {
        spec: { template: { spec: { ...POD.spec, restartPolicy: 'Never' } } },
      },
    },
  },
  'services.': {
    spec: {
      selector: { app: 'example' },
      ports: [{ port: 80, targetPort: 8080 }],
    },
  },
  'configmaps.': { data: { key: 'value' } },
  'secrets.': { type: 'Opaque', stringData: { key: 'value' } },
  'persistentvolumeclaims.': {
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    },
  },
};

/** A manifest to begin with; without schema just its head. */
export function skeletonManifest(
  kind: Pick<Kind, 'group' | 'version' | 'plural' | 'kind' | 'namespaced'>,
  options: { schema?: JsonSchema; namespace?: string },
): Manifest {
  const { schema, namespace } = options;
  const head = {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: {
      name: '',
      ...(kind.namespaced && { namespace: namespace || 'default' }),
    },
  };
  const example = EXAMPLES[`${kind.plural}.${kind.group}`];
  if (example || !schema) return { ...head, ...example };
  const root = resolveSchema(schema, schema);
  const fields = fieldsOf(root, { root: schema, depth: DEPTH });
  const { apiVersion: _v, kind: _k, metadata: _m, status: _s, ...own } = fields;
  return { ...head, ...own };
}
