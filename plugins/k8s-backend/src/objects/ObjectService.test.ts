import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { columnsOf, traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  KindDescription,
  KubernetesObject,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import type { KindDirectory } from '../discovery/KindDirectory';
import { hintsOf, withHints } from '../errors/answerHints';
import { at } from '../rows/fields';
import {
  MemoryResources,
  testContext,
} from '../workloads/__fixtures__/MemoryResources';
import { ObjectActions } from './ObjectActions';
import { ObjectReader } from './ObjectReader';
import { ObjectService } from './ObjectService';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const DEFAULTS = { cpu: '100m', memory: '256Mi' };

const kindOf = (type: ResourceType): KindDescription | undefined => {
  const traits = traitsOf(type);
  return (
    traits && {
      ...traits,
      ...{ versions: [traits.version, 'v1beta9'], custom: false },
      ...{ verbs: ['list'], shortNames: [] },
      actions: [...(traits.actions ?? [])],
      columns: [...(columnsOf(type) ?? [])],
    }
  );
};

function setUp(
  options: { refuse?: boolean; hidden?: boolean; marker?: string } = {},
) {
  const resources = new MemoryResources();
  const asked: string[] = [];
  const clusters = {
    get: async (id: string) => {
      if (options.hidden) throw new NotFoundError(`No cluster ${id}`);
      return { id, name: id, labels: {} };
    },
    list: async () => [],
  };
  const kinds: Pick<KindDirectory, 'find'> = {
    find: async (_, type) => {
      asked.push(type.plural);
      const kind = kindOf(type);
      if (!kind) throw new NotFoundError(`no kind ${type.plural}`);
      return kind;
    },
  };
  const guard = {
    demand: async (change: string) => {
      asked.push(change);
      if (options.refuse) throw new NotAllowedError('needs K8sOperator');
    },
  };
  const shared = { resources, clusters, kinds: kinds as KindDirectory };
  const objects = new ObjectService({
    ...shared,
    ...{ guard, resourceDefaults: DEFAULTS },
  });
  const context = testContext(
    options.marker === undefined
      ? {}
      : { idempotency: { marker: options.marker, resumed: false } },
  );
  return {
    ...{ resources, asked, objects, context },
    change: { context, dryRun: false },
    plan: { context, dryRun: true },
    reader: new ObjectReader(shared),
    actions: new ObjectActions({
      ...{ resources, objects, resourceDefaults: DEFAULTS },
      now: () => NOW,
    }),
  };
}

const CONFIG_MAPS = { cluster: 'c1', group: '', plural: 'configmaps' };
const PLACE = { ...CONFIG_MAPS, namespace: 'shop', name: 'settings' };
const MANIFEST: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { a: '1' },
};
const withMetadata = (metadata: object): KubernetesObject => ({
  ...MANIFEST,
  metadata: { ...MANIFEST.metadata, ...metadata },
});

describe('whoever may not', () => {
  const calls: [string, (it: ReturnType<typeof setUp>) => Promise<unknown>][] =
    [
      ['create', it => it.objects.create(CONFIG_MAPS, MANIFEST, it.change)],
      [
        'apply',
        it => it.objects.apply(PLACE, MANIFEST, { ...it.plan, force: false }),
      ],
      ['patch', it => it.objects.patch(PLACE, { kind: 'Wrong' }, it.change)],
      ['delete', it => it.objects.delete(PLACE, it.change)],
      ['act', it => it.actions.act(PLACE, 'run', { ...it.change, input: {} })],
    ];
  it.each(calls)('%s learns nothing of kinds and objects', async (_, call) => {
    const refusing = setUp({ refuse: true });
    await expect(call(refusing)).rejects.toThrow(NotAllowedError);
    expect(refusing.asked).toHaveLength(1);
    const hiding = setUp({ hidden: true });
    await expect(call(hiding)).rejects.toThrow('No cluster c1');
    expect(hiding.asked).toEqual([]);
    expect([
      ...refusing.resources.changes,
      ...hiding.resources.changes,
    ]).toEqual([]);
  });
});

describe('a manifest', () => {
  it.each<[string, KubernetesObject]>([
    ['another name', withMetadata({ name: 'other' })],
    ['another namespace', withMetadata({ namespace: 'other' })],
    ['another kind', { ...MANIFEST, kind: 'Secret' }],
    ['another group', { ...MANIFEST, apiVersion: 'apps/v1' }],
    ['a version that there is not', { ...MANIFEST, apiVersion: 'v3' }],
    ['no name', withMetadata({ name: undefined })],
    ['an odd name', withMetadata({ name: 7 })],
    ['an odd namespace', withMetadata({ namespace: ['shop'] })],
  ])('with %s is refused', async (_, manifest) => {
    const { objects, change, resources } = setUp();
    await expect(
      objects.apply(PLACE, manifest, { ...change, force: false }),
    ).rejects.toThrow(InputError);
    expect(resources.changes).toEqual([]);
  });

  it('may leave its namespace to the path, and be of another version', async () => {
    const { objects, change, resources } = setUp();
    const manifest = {
      ...withMetadata({ namespace: undefined }),
      apiVersion: 'v1beta9',
    };
    await objects.apply(PLACE, manifest, { ...change, force: true });
    expect(resources.changes).toMatchObject([
      {
        verb: 'apply',
        reference: { ...PLACE, version: 'v1beta9' },
        options: {
          ...{ action: 'configmap.apply', details: { force: true } },
          force: true,
        },
      },
    ]);
  });

  it.each([
    [{ ...PLACE, namespace: undefined }, /in a namespace/],
    [{ ...PLACE, name: 'No_Name' }, /not one that Kubernetes allows/],
    [{ ...PLACE, namespace: 'a.b' }, /namespace is not a valid name/],
  ])('is refused for the place %j', async (place, message) => {
    const { objects, change, asked } = setUp();
    const manifest = withMetadata({
      name: place.name,
      namespace: place.namespace,
    });
    await expect(
      objects.apply(place, manifest, { ...change, force: false }),
    ).rejects.toThrow(message);
    // Names are looked at before anybody is asked.
    expect(asked).toEqual(
      place.namespace === undefined ? ['create', 'update', 'configmaps'] : [],
    );
  });

  it('of an object that exists creates none', async () => {
    const { objects, change, resources } = setUp();
    const type = { cluster: 'c1', group: '', plural: 'configmaps' };
    await expect(
      objects.create(type, withMetadata({ resourceVersion: '7' }), change),
    ).rejects.toThrow(InputError);
    expect(resources.changes).toEqual([]);
    await objects.create(type, withMetadata({ resourceVersion: '' }), change);
    expect(resources.changes).toHaveLength(1);
  });

  it('is sent without what only the API server writes', async () => {
    const { objects, change, resources } = setUp();
    const manifest = withMetadata({
      ...{ managedFields: [{}], creationTimestamp: 'x', generation: 3 },
      ...{ resourceVersion: '7', uid: 'u', labels: { a: 'b' } },
    });
    await objects.apply(PLACE, manifest, { ...change, force: false });
    expect(resources.changes[0].body).toEqual(
      withMetadata({ resourceVersion: '7', uid: 'u', labels: { a: 'b' } }),
    );
  });

  it.each<[string, string, unknown, string[]]>([
    [
      'apps',
      'statefulsets',
      { spec: { template: { spec: 0 } } },
      ['spec', 'template', 'spec'],
    ],
    [
      'batch',
      'cronjobs',
      { spec: { jobTemplate: { spec: { template: { spec: 0 } } } } },
      ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
    ],
    ['', 'pods', { spec: 0 }, ['spec']],
  ])(
    'of %s %s gets the default requests',
    async (group, plural, shape, path) => {
      const { objects, change, resources } = setUp();
      const kind = kindOf({ group, plural });
      const pod = { containers: [{ name: 'app', image: 'i:1' }] };
      const manifest = JSON.parse(
        JSON.stringify({
          apiVersion: group ? `${group}/v1` : 'v1',
          kind: kind?.kind,
          metadata: { name: 'a', namespace: 'shop' },
          ...(shape as object),
        }),
        (_, value) => (value === 0 ? pod : value),
      );
      await objects.create({ cluster: 'c1', group, plural }, manifest, change);
      const sent = at(resources.changes[0].body, ...path);
      expect(sent).toMatchObject({
        containers: [{ resources: { requests: DEFAULTS } }],
      });
      expect(pod.containers[0]).not.toHaveProperty('resources');
    },
  );

  it.each([
    { spec: null },
    { spec: 'text' },
    { spec: { template: [] } },
    { spec: { template: { spec: { containers: 'none' } } } },
  ])(
    'whose template is %j is left to the API server to refuse',
    async shape => {
      const { objects, change, resources } = setUp();
      const manifest = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'a', namespace: 'shop' },
        ...shape,
      };
      const type = { cluster: 'c1', group: 'apps', plural: 'deployments' };
      await objects.create(type, manifest, change);
      expect(resources.changes[0].body).toEqual(manifest);
    },
  );

  it.each([
    [{ data: { key: '' } }, /data\.key is empty/],
    [{ stringData: { key: '' } }, /stringData\.key is empty/],
  ])(
    'of a Secret that erases values is refused: %j',
    async (fields, message) => {
      const { objects, change } = setUp();
      const place = { ...PLACE, plural: 'secrets' };
      const secret = { ...MANIFEST, kind: 'Secret', data: {}, ...fields };
      await expect(
        objects.apply(place, secret, { ...change, force: false }),
      ).rejects.toThrow(message);
      await expect(objects.patch(place, fields, change)).rejects.toThrow(
        message,
      );
    },
  );
});

describe('an apply', () => {
  const conflict = () =>
    withHints(new ConflictError('Apply failed with 2 conflicts'), {
      details: {
        fields: [
          {
            field: '.spec.template.spec.containers[name="app"].image',
            message: 'conflict with "kubectl-client-side-apply" using apps/v1',
          },
          {
            field: '.data.a',
            message: 'conflict with "kubectl \\"edit\\"" using v1 at 2026',
          },
          { field: '.metadata', message: 'something else' },
        ],
      },
    });
  const CONFLICTS = [
    {
      path: 'spec.template.spec.containers[name=app].image',
      owner: 'kubectl-client-side-apply',
    },
    { path: 'data.a', owner: 'kubectl \\"edit\\"' },
  ];

  function refusing() {
    const it = setUp();
    const { resources } = it;
    const live = { ...MANIFEST, data: { a: '0' } };
    resources.set('configmaps', live);
    resources.answer = ({ body }) => {
      const last = resources.changes.at(-1)?.options as { force?: boolean };
      if (!last.force) throw conflict();
      return body as KubernetesObject;
    };
    return it;
  }

  it('that others own fields of is a conflict that names them', async () => {
    const { objects, change } = refusing();
    const error = await objects
      .apply(PLACE, MANIFEST, { ...change, force: false })
      .catch(thrown => thrown);
    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toContain('data.a (kubectl \\"edit\\")');
    expect(hintsOf(error).details).toEqual({ conflicts: CONFLICTS });
  });

  it('is planned with them, and with what it would come to', async () => {
    const { objects, plan, resources } = refusing();
    const planned = await objects.apply(PLACE, MANIFEST, {
      ...plan,
      force: false,
    });
    expect(planned).toMatchObject({
      status: 'planned',
      conflicts: CONFLICTS,
      plan: { changes: [{ path: 'data.a', before: '0', after: '1' }] },
    });
    expect(resources.changes.every(({ options }) => options.dryRun)).toBe(true);
  });

  it('that is refused for another reason is no conflict of owners', async () => {
    const { objects, plan, resources } = setUp();
    resources.answer = () => {
      throw new ConflictError('the object has been modified');
    };
    await expect(
      objects.apply(PLACE, MANIFEST, { ...plan, force: false }),
    ).rejects.toThrow('the object has been modified');
  });

  it('of what does not exist yet has no before', async () => {
    const { objects, plan } = setUp();
    const planned = await objects.apply(PLACE, MANIFEST, {
      ...plan,
      force: false,
    });
    expect(planned.plan?.before).toBeNull();
  });
});

describe('a patch', () => {
  it.each<[object, RegExp]>([
    [{ metadata: { name: 'other' } }, /metadata\.name/],
    [{ metadata: { namespace: 'other' } }, /metadata\.namespace/],
    [{ metadata: { namespace: null } }, /metadata\.namespace/],
    [{ kind: 'Secret' }, /kind/],
    [{ kind: null }, /kind/],
    [{ apiVersion: 'v2' }, /apiVersion/],
    [{ metadata: { managedFields: [] } }, /managedFields/],
    [{ metadata: null }, /metadata is not an object/],
    [{ metadata: { resourceVersion: 'x' } }, /not a version/],
    [{ metadata: { resourceVersion: '8' } }, /of the request/],
  ])('%j is refused', async (patch, message) => {
    const { objects, change, resources } = setUp();
    await expect(
      objects.patch(PLACE, { ...patch }, { ...change, resourceVersion: '7' }),
    ).rejects.toThrow(message);
    expect(resources.changes).toEqual([]);
  });

  it('is sent for the version that was read, and audited without values', async () => {
    const { objects, change, resources } = setUp();
    resources.set(
      'configmaps',
      withMetadata({ resourceVersion: '9', uid: 'u' }),
    );
    const patch = {
      data: { password: 'planted', a: null },
      metadata: { labels: { x: 'y' } },
    };
    await objects.patch(PLACE, patch, { ...change, resourceVersion: '9' });
    const [{ options, body }] = resources.changes;
    expect(body).toEqual(patch);
    expect(options).toMatchObject({
      precondition: { resourceVersion: '9', uid: 'u' },
      action: 'configmap.patch',
      details: { fields: ['data.password', 'data.a', 'metadata.labels.x'] },
    });
    expect(JSON.stringify(options.details)).not.toContain('planted');
    await expect(
      objects.patch(PLACE, patch, { ...change, resourceVersion: '8' }),
    ).rejects.toThrow(ConflictError);
  });
});

it('a deletion says what becomes of what the object owns', async () => {
  const { objects, change, resources } = setUp();
  const options = {
    propagation: 'Orphan' as const,
    precondition: { uid: 'u' },
  };
  await objects.delete(PLACE, { ...change, ...options });
  expect(resources.changes).toMatchObject([
    { verb: 'delete', options: { ...options, action: 'configmap.delete' } },
  ]);
});

describe('an action', () => {
  const SET = {
    cluster: 'c1',
    group: 'apps',
    plural: 'statefulsets',
    namespace: 'shop',
    name: 'db',
  };
  const live: KubernetesObject = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      ...{ name: 'db', namespace: 'shop', uid: 's', resourceVersion: '5' },
      annotations: {},
    },
    spec: { replicas: 1, template: { spec: { containers: [] } } },
  };

  it.each([
    ['scale', 'statefulsets', { replicas: 2 }, { spec: { replicas: 2 } }],
    ['pause', 'deployments', {}, { spec: { paused: true } }],
    ['resume', 'deployments', {}, { spec: { paused: false } }],
    ['suspend', 'jobs', {}, { spec: { suspend: true } }],
    ['unsuspend', 'cronjobs', {}, { spec: { suspend: false } }],
    [
      'restart',
      'daemonsets',
      {},
      {
        metadata: {
          annotations: {
            'kubernetes.io/change-cause':
              'restarted at 2026-11-23T12:00:00.000Z',
          },
        },
        spec: {
          template: {
            metadata: {
              annotations: {
                'kubectl.kubernetes.io/restartedAt': '2026-11-23T12:00:00.000Z',
              },
            },
          },
        },
      },
    ],
  ] as const)('%s of %s is one patch', async (action, plural, input, patch) => {
    const { actions, change, resources } = setUp();
    const group = plural.endsWith('jobs') ? 'batch' : 'apps';
    resources.set(plural, live);
    await actions.act({ ...SET, group, plural }, action, { ...change, input });
    const [{ verb, body, options }] = resources.changes;
    expect({ verb, body }).toEqual({ verb: 'patch', body: patch });
    expect(options).toMatchObject({
      action: `${kindOf({ group, plural })?.kind.toLowerCase()}.${action}`,
      details: input,
      precondition: { resourceVersion: '5', uid: 's' },
    });
  });

  it.each([
    [
      'scale',
      { ...SET, plural: 'daemonsets' },
      /DaemonSet has no action scale; it has restart, rollback$/,
    ],
    ['restart', PLACE, /ConfigMap has no action restart; it has none/],
    ['run', SET, /it has scale, restart, rollback$/],
    ['scale', SET, /needs replicas/],
    ['rollback', SET, /needs revision/],
  ] as const)('%s of %j is refused', async (action, place, message) => {
    const { actions, change, resources } = setUp();
    resources.set(place.plural, live);
    const input = {};
    await expect(
      actions.act(place, action, { ...change, input }),
    ).rejects.toThrow(message);
    expect(resources.changes).toEqual([]);
  });

  it.each([
    ['StatefulSet', 'apps/v1', true],
    ['StatefulSet', undefined, true],
    ['StatefulSet', 'other.example/v1', false],
    ['Deployment', 'apps/v1', false],
  ])(
    'scale is left to an autoscaler of %s in %s: %s',
    async (kind, apiVersion, isRuled) => {
      const { actions, change, resources } = setUp();
      resources.set('statefulsets', live);
      resources.set('horizontalpodautoscalers', {
        metadata: { name: 'ruler', namespace: 'shop' },
        spec: { scaleTargetRef: { kind, apiVersion, name: 'db' } },
      });
      const scaled = actions.act(SET, 'scale', {
        ...change,
        input: { replicas: 3 },
      });
      const outcome = await scaled.then(
        ({ status }) => status,
        ({ message }: Error) => message,
      );
      expect(outcome).toBe(
        isRuled
          ? 'The HorizontalPodAutoscaler ruler rules the replicas of db: change its limits instead'
          : 'done',
      );
    },
  );

  describe('rollback', () => {
    const revision = (
      number: number,
      image: string,
      more: object = {},
    ): KubernetesObject => ({
      metadata: {
        name: `db-${number}`,
        namespace: 'shop',
        uid: `r-${number}`,
        creationTimestamp: '2026-11-23T10:00:00Z',
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'StatefulSet',
            name: 'db',
            uid: 's',
            controller: true,
          },
        ],
      },
      revision: number,
      data: {
        spec: {
          template: {
            $patch: 'replace',
            spec: { containers: [{ name: 'app', image }] },
          },
        },
      },
      ...more,
    });

    function withRevisions() {
      const it = setUp();
      it.resources.set('statefulsets', live);
      it.resources.set('controllerrevisions', revision(1, 'i:1'));
      it.resources.set('controllerrevisions', revision(3, 'i:3'));
      it.resources.set('controllerrevisions', revision(2, 'i:2'));
      it.resources.set('controllerrevisions', {
        ...revision(4, 'i:4'),
        metadata: {
          ...revision(4, '').metadata,
          ownerReferences: [
            {
              apiVersion: 'apps/v1',
              kind: 'StatefulSet',
              name: 'other',
              uid: 'o',
              controller: true,
            },
          ],
        },
      });
      it.resources.set('controllerrevisions', revision(5, '', { data: 'odd' }));
      return it;
    }

    it('brings back the whole template, without what is no field of it', async () => {
      const { actions, change, resources } = withRevisions();
      await actions.act(SET, 'rollback', { ...change, input: { revision: 1 } });
      expect(resources.changes[0]).toMatchObject({
        body: [
          {
            op: 'replace',
            path: '/spec/template',
            value: { spec: { containers: [{ name: 'app', image: 'i:1' }] } },
          },
          {
            op: 'add',
            path: '/metadata/annotations/kubernetes.io~1change-cause',
            value: 'roll-back to revision 1',
          },
        ],
        options: { action: 'statefulset.rollback', details: { revision: 1 } },
      });
      const [step] = resources.changes[0].body as { value: object }[];
      expect(step.value).not.toHaveProperty('$patch');
    });

    it('to the present revision notes nothing', async () => {
      const { actions, change, resources } = withRevisions();
      await actions.act(SET, 'rollback', { ...change, input: { revision: 3 } });
      expect(resources.changes[0].body).toHaveLength(1);
    });

    it('to a revision that there is not lists those that there are', async () => {
      const { actions, change } = withRevisions();
      await expect(
        actions.act(SET, 'rollback', { ...change, input: { revision: 4 } }),
      ).rejects.toThrow('db has no revision 4; its revisions are 1, 2, 3');
    });

    it('can be to what listRevisions tells, newest first', async () => {
      const { reader, context } = withRevisions();
      const { revisions } = await reader.revisions(SET, context);
      expect(
        revisions.map(
          ({ revision: number, current, containers, replicas }) => ({
            ...{ number, current, containers, replicas },
          }),
        ),
      ).toEqual([
        {
          ...{ number: 3, current: true, replicas: undefined },
          containers: [{ name: 'app', image: 'i:3' }],
        },
        {
          ...{ number: 2, current: false, replicas: undefined },
          containers: [{ name: 'app', image: 'i:2' }],
        },
        {
          ...{ number: 1, current: false, replicas: undefined },
          containers: [{ name: 'app', image: 'i:1' }],
        },
      ]);
    });

    it('of a kind that keeps no revisions has none to list', async () => {
      const { reader, context, resources } = setUp();
      resources.set('configmaps', MANIFEST);
      expect(await reader.revisions(PLACE, context)).toEqual({ revisions: [] });
    });
  });

  describe('run', () => {
    const CRON = {
      ...SET,
      group: 'batch',
      plural: 'cronjobs',
      name: 'nightly',
    };
    const cronJob = (name: string): KubernetesObject => ({
      metadata: { name, namespace: 'shop', uid: 'c', resourceVersion: '5' },
      spec: {
        jobTemplate: {
          metadata: { labels: { a: 'b' }, annotations: { c: 'd' } },
          spec: { template: { spec: { containers: [{ name: 'job' }] } } },
        },
      },
    });

    it('makes a Job that the CronJob owns', async () => {
      const { actions, change, resources } = setUp();
      resources.set('cronjobs', cronJob('nightly'));
      const done = await actions.act(CRON, 'run', { ...change, input: {} });
      const [{ verb, reference, body, options }] = resources.changes;
      expect(verb).toBe('create');
      expect(reference).toMatchObject({ plural: 'jobs', namespace: 'shop' });
      expect(body).toMatchObject({
        kind: 'Job',
        metadata: {
          name: expect.stringMatching(/^nightly-manual-[0-9a-f]{5}$/),
          labels: { a: 'b' },
          annotations: {
            c: 'd',
            'cronjob.kubernetes.io/instantiate': 'manual',
          },
          ownerReferences: [{ kind: 'CronJob', uid: 'c', controller: true }],
        },
        spec: {
          template: {
            spec: { containers: [{ resources: { requests: DEFAULTS } }] },
          },
        },
      });
      expect(options).toMatchObject({
        action: 'cronjob.run',
        details: { cronJob: 'nightly' },
      });
      expect(done).toMatchObject({
        name: 'nightly',
        status: 'done',
        created: { group: 'batch', plural: 'jobs', name: reference.name },
      });
    });

    it('is of the same name for the same request, and short enough', async () => {
      const names = new Set<string>();
      const name = 'n'.repeat(52);
      for (const marker of ['one', 'one', 'two']) {
        const { actions, change, resources } = setUp({ marker });
        resources.set('cronjobs', cronJob(name));
        await actions.act({ ...CRON, name }, 'run', { ...change, input: {} });
        names.add(resources.changes[0].reference.name);
      }
      expect(names.size).toBe(2);
      for (const made of names) expect(made.length).toBeLessThanOrEqual(63);
    });

    it.each([
      ['spec', undefined],
      ['template', {}],
      ['template with a spec', { jobTemplate: { metadata: {} } }],
      ['spec in its template', { jobTemplate: { spec: 'text' } }],
    ])('is refused of one that has no %s', async (_, spec) => {
      const { actions, change, resources } = setUp();
      resources.set('cronjobs', { ...cronJob('nightly'), spec });
      const run = actions.act(CRON, 'run', { ...change, input: {} });
      await expect(run).rejects.toThrow(InputError);
      await expect(run).rejects.toThrow('The CronJob has no template');
      expect(resources.changes).toEqual([]);
    });

    it('is a conflict when the CronJob was changed since it was read', async () => {
      const { actions, change, resources } = setUp();
      resources.set('cronjobs', cronJob('nightly'));
      const input = { resourceVersion: '4' };
      await expect(
        actions.act(CRON, 'run', { ...change, input }),
      ).rejects.toThrow(ConflictError);
    });
  });
});

describe('an object', () => {
  it('is told with its row and owners, without what only takes up space', async () => {
    const { reader, context, resources } = setUp();
    resources.set('configmaps', {
      ...withMetadata({
        ...{ uid: 'u', resourceVersion: '5' },
        creationTimestamp: '2026-11-23T10:00:00Z',
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
          kept: 'yes',
        },
        managedFields: [
          {
            manager: 'kubectl\u202e',
            operation: 'Apply',
            time: '2026-11-23T11:00:00Z',
            fieldsV1: {
              'f:data': { '.': {}, 'f:a': {} },
              'f:spec': {
                'f:containers': {
                  'k:{"name":"app"}': { '.': {}, 'f:image': {} },
                  'k:not json': { 'f:image': {} },
                },
                'f:args': { 'v:"x"': {} },
              },
            },
          },
          { manager: 'kubelet', subresource: 'status', fieldsV1: {} },
        ],
      }),
    });
    const { object, row, columns, owners } = await reader.get(PLACE, {
      context,
    });
    expect(object).toEqual(
      withMetadata({
        ...{ uid: 'u', resourceVersion: '5' },
        creationTimestamp: '2026-11-23T10:00:00Z',
        annotations: { kept: 'yes' },
      }),
    );
    expect(row).toMatchObject({ cluster: 'c1', cells: [1, ['a'], null] });
    expect(columns[0]).toEqual({ id: 'data', title: 'Data', type: 'number' });
    expect(owners).toEqual([
      {
        manager: 'kubectl',
        operation: 'Apply',
        at: '2026-11-23T11:00:00Z',
        paths: [
          'data.a',
          'spec.containers[name=app].image',
          'spec.args[value=x]',
        ],
      },
    ]);
  });
});
