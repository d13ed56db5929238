import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { ANNOTATION_REQUEST } from '@backstage-k8s/plugin-k8s-common';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { eventually } from '../cache/__testUtils__/objects';
import { MemoryResources, testContext } from './__fixtures__/MemoryResources';
import {
  deployment,
  NOW,
  replicaSet,
  waitingPod,
} from './__fixtures__/workloadObjects';
import { DeploymentReader } from './DeploymentReader';
import { DeploymentService } from './DeploymentService';
import { rolloutView } from './deploymentViews';
import { RolloutWaiter } from './RolloutWaiter';
import type { DeploymentObject } from './WorkloadObjects';

const PLACE = { cluster: 'c1', namespace: 'shop', name: 'payments' };
const HPA = {
  metadata: { name: 'payments-hpa', namespace: 'shop', uid: 'hpa' },
  spec: {
    scaleTargetRef: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'payments',
    },
  },
};

function setUp(
  options: {
    live?: DeploymentObject;
    refuse?: boolean;
    timeoutMs?: number;
    context?: Partial<RequestContext>;
  } = {},
) {
  const resources = new MemoryResources();
  const now = () => NOW;
  resources.now = now;
  if (options.live) resources.set('deployments', options.live);
  resources.set(
    'replicasets',
    replicaSet(1, { image: 'registry.example/app:1.8.2' }),
  );
  resources.set('replicasets', replicaSet(2));
  const service = new DeploymentService({
    resources,
    reader: new DeploymentReader({ resources, now }),
    guard: {
      demand: async () => {
        if (options.refuse) throw new NotAllowedError('needs K8sOperator');
      },
    },
    waiter: new RolloutWaiter({
      resources,
      timeoutMs: options.timeoutMs ?? 5_000,
    }),
    resourceDefaults: { cpu: '100m', memory: '256Mi' },
    now,
  });
  const context = testContext(options.context);
  return { resources, service, change: { context, dryRun: false } };
}

const template = (
  containers: object[] = [{ name: 'app', image: 'app:2' }],
) => ({
  metadata: { labels: { app: 'payments' } },
  spec: { containers } as { containers: { name: string; image: string }[] },
});

describe('DeploymentService', () => {
  it('refuses before it tells anything of the object', async () => {
    const { service, change, resources } = setUp({ refuse: true });
    for (const attempt of [
      () => service.rollback(PLACE, 99, change),
      () => service.setImage(PLACE, { container: 'no', image: 'a' }, change),
      () => service.scale(PLACE, 1, change),
      () => service.restart(PLACE, change),
      () => service.replace(PLACE, { metadata: {} }, change),
    ]) {
      await expect(attempt()).rejects.toThrow(NotAllowedError);
    }
    expect(resources.changes).toEqual([]);
  });

  it('creates with default requests, and says deployed once it is', async () => {
    const { service, change, resources } = setUp();
    resources.answer = ({ body }) => {
      const created = {
        ...deployment(),
        spec: (body as DeploymentObject).spec,
      };
      resources.set('deployments', created);
      return created;
    };
    const result = await service.create(
      'c1',
      {
        name: 'payments',
        namespace: 'shop',
        labels: { team: 'a' },
        spec: { replicas: 3, template: template() },
      },
      change,
    );
    expect(result).toEqual({
      name: 'payments',
      namespace: 'shop',
      status: 'deployed',
      resourceVersion: '100',
    });
    expect(resources.changes).toMatchObject([
      {
        verb: 'create',
        reference: { cluster: 'c1', group: 'apps', namespace: 'shop' },
        body: {
          metadata: { name: 'payments', labels: { team: 'a' } },
          spec: {
            template: {
              spec: {
                containers: [
                  { resources: { requests: { cpu: '100m', memory: '256Mi' } } },
                ],
              },
            },
          },
        },
        options: { action: 'deployment.create' },
      },
    ]);
  });

  it('says at once that a rollout fails, and why', async () => {
    const live = deployment({
      status: { updatedReplicas: 1, availableReplicas: 2 },
    });
    const { service, change, resources } = setUp({ live });
    resources.set('pods', waitingPod('InvalidImageName'));
    const result = await service.restart(PLACE, change);
    expect(result).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('the image name'),
    });
    expect(result).not.toHaveProperty('operation');
  });

  it('says pending with where to look when the time is up', async () => {
    const live = deployment({ metadata: { generation: 3 } });
    const { service, change } = setUp({ live, timeoutMs: 200 });
    expect(await service.restart(PLACE, change)).toMatchObject({
      status: 'pending',
      operation: '/api/k8s/clusters/c1/deployments/shop/payments',
      reason: 'The cluster has not taken up the last change yet.',
    });
  });

  it('answers pending when the caller leaves, and stops watching', async () => {
    const leave = new AbortController();
    const live = deployment({ metadata: { generation: 3 } });
    const { service, change, resources } = setUp({
      live,
      context: { signal: leave.signal },
    });
    const answer = service.restart(PLACE, change);
    setTimeout(() => leave.abort(), 100);
    expect(await answer).toMatchObject({ status: 'pending' });
    const { deployments } = rolloutView(PLACE).parts;
    const part = resources.part(deployments.cluster, deployments.plural);
    await eventually(() => part.listeners === 0);
  });

  it.each([
    ['was deleted', undefined],
    ['gave way to another of its name', 'another'],
  ])(
    'says that a deployment %s while its rollout was waited for',
    async (_, uid) => {
      const live = deployment({ metadata: { generation: 3 } });
      const { service, change, resources } = setUp({ live });
      const answer = service.restart(PLACE, change);
      const part = resources.part('c1', 'deployments');
      await eventually(() => part.listeners > 0);
      setTimeout(() => {
        if (uid)
          resources.set('deployments', deployment({ metadata: { uid } }));
        else resources.unset('deployments', live);
      }, 300);
      expect(await answer).toMatchObject({
        status: 'failed',
        reason: 'The deployment was deleted meanwhile.',
      });
    },
  );

  it('notices that a deployment was deleted while its kind was read again', async () => {
    const live = deployment({ metadata: { generation: 3 } });
    const { service, change, resources } = setUp({ live });
    const answer = service.restart(PLACE, change);
    const part = resources.part('c1', 'deployments');
    await eventually(() => part.listeners > 0);
    setTimeout(() => {
      part.lose();
      setTimeout(() => part.find([]), 300);
    }, 300);
    expect(await answer).toMatchObject({
      status: 'failed',
      reason: 'The deployment was deleted meanwhile.',
    });
  });

  it('does not take a deployment for deleted while its kind is read again', async () => {
    const live = deployment({ metadata: { generation: 3 } });
    const { service, change, resources } = setUp({ live, timeoutMs: 1_500 });
    const answer = service.restart(PLACE, change);
    const part = resources.part('c1', 'deployments');
    await eventually(() => part.listeners > 0);
    setTimeout(() => {
      part.lose();
      setTimeout(() => part.find([live]), 300);
    }, 300);
    expect(await answer).toMatchObject({ status: 'pending' });
  });

  it('does not wait for the time to pass while a rollout is paused', async () => {
    const live = deployment({ spec: { paused: true } });
    const { service, change } = setUp({ live, timeoutMs: 60_000 });
    expect(await service.restart(PLACE, change)).toMatchObject({
      status: 'pending',
      reason: expect.stringContaining('paused'),
    });
  });

  it('replaces the whole spec and keeps the replicas that it does not name', async () => {
    const { service, change, resources } = setUp({ live: deployment() });
    await service.replace(PLACE, { template: template() }, change);
    const [{ body, options }] = resources.changes;
    expect(body).toMatchObject([
      { op: 'replace', path: '/spec', value: { replicas: 3 } },
      { op: 'add', path: '/metadata/annotations/kubernetes.io~1change-cause' },
    ]);
    expect(Object.keys((body as { value: object }[])[0].value).sort()).toEqual([
      'replicas',
      'template',
    ]);
    expect(options).toMatchObject({
      action: 'deployment.update',
      precondition: { resourceVersion: '100', uid: 'deployment-1' },
    });
  });

  it('leaves the replicas to an autoscaler', async () => {
    const { service, change, resources } = setUp({ live: deployment() });
    resources.set('horizontalpodautoscalers', HPA);
    await service.replace(PLACE, { replicas: 9, template: template() }, change);
    expect(resources.changes[0].body).toMatchObject([
      { value: { replicas: 3 } },
      {},
    ]);
    await expect(service.scale(PLACE, 9, change)).rejects.toThrow(
      'The HorizontalPodAutoscaler payments-hpa rules the replicas of payments',
    );
    expect(resources.changes).toHaveLength(1);
  });

  it('leaves replicas that are no number for the API server to refuse', async () => {
    const { service, change, resources } = setUp({ live: deployment() });
    const spec = { replicas: 'many' as unknown as number };
    await service.replace(PLACE, spec, change);
    expect(resources.changes[0].body).toMatchObject([
      { value: { replicas: 'many' } },
      {},
    ]);
  });

  it('takes 0 replicas for what they are', async () => {
    const { service, change, resources } = setUp({ live: deployment() });
    await service.replace(PLACE, { replicas: 0, template: template() }, change);
    expect(resources.changes[0].body).toMatchObject([
      { value: { replicas: 0 } },
      {},
    ]);
  });

  it.each([
    [
      'a whole manifest',
      { metadata: { name: 'x' }, spec: {} },
      'spec has a field metadata',
    ],
    [
      'another namespace',
      { template: { metadata: { namespace: 'other' } } },
      'spec.template.metadata.namespace is not the namespace',
    ],
  ])('refuses %s', async (_, spec, message) => {
    const { service, change, resources } = setUp({ live: deployment() });
    await expect(service.replace(PLACE, spec, change)).rejects.toThrow(message);
    const wanted = { name: 'payments', namespace: 'shop', spec };
    await expect(service.create('c1', wanted, change)).rejects.toThrow(message);
    expect(resources.changes).toEqual([]);
  });

  it('says who changed what was read before', async () => {
    const live = deployment({
      metadata: {
        managedFields: [
          {
            manager: 'kube-controller-manager',
            subresource: 'status',
            time: '2026-11-23T11:59:59Z',
          },
          { manager: 'kubectl-edit', time: '2026-11-23T11:00:00Z' },
          { manager: 'backstage-k8s', time: '2026-11-22T11:00:00Z' },
        ],
      },
    });
    const { service, change, resources } = setUp({ live });
    await expect(
      service.scale(PLACE, 1, { ...change, resourceVersion: '99' }),
    ).rejects.toThrow(
      expect.objectContaining({
        name: 'ConflictError',
        message: expect.stringMatching(
          /at version 100, not 99\..*last written by kubectl-edit at 2026-11-23T11:00:00Z/,
        ),
      }),
    );
    expect(resources.changes).toEqual([]);
  });

  it('builds its patch anew when somebody else was faster', async () => {
    const { service, change, resources } = setUp({ live: deployment() });
    const answer = resources.answer;
    resources.answer = () => {
      resources.set(
        'deployments',
        deployment({ metadata: { resourceVersion: '101' } }),
      );
      resources.answer = answer;
      throw new ConflictError('changed');
    };
    await service.scale(PLACE, 3, change);
    expect(
      resources.changes.map(({ options }) => options.precondition),
    ).toMatchObject([{ resourceVersion: '100' }, { resourceVersion: '101' }]);
  });

  it('does not try again for somebody who named a version', async () => {
    const { service, change, resources } = setUp({ live: deployment() });
    resources.answer = () => {
      resources.set(
        'deployments',
        deployment({ metadata: { resourceVersion: '101' } }),
      );
      throw new ConflictError('changed');
    };
    await expect(
      service.scale(PLACE, 3, { ...change, resourceVersion: '100' }),
    ).rejects.toThrow('at version 101, not 100');
    expect(resources.changes).toHaveLength(1);
  });

  it('names an immutable field', async () => {
    const { service, change, resources } = setUp({ live: deployment() });
    resources.answer = () => {
      throw new InputError(
        'Deployment.apps "payments" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
      );
    };
    await expect(service.replace(PLACE, {}, change)).rejects.toThrow(
      /^spec\.selector cannot be changed/,
    );
  });

  it('changes the image of one container, init containers too', async () => {
    const live = deployment({
      spec: {
        template: {
          spec: {
            containers: [{ name: 'app' }, { name: 'mesh' }],
            initContainers: [{ name: 'prepare' }],
          },
        },
      },
    });
    const { service, change, resources } = setUp({ live });
    await service.setImage(PLACE, { container: 'mesh', image: 'm:2' }, change);
    await service.setImage(
      PLACE,
      { container: 'prepare', image: 'p:2' },
      change,
    );
    const paths = resources.changes.map(
      ({ body }) => (body as { path: string }[])[1].path,
    );
    expect(paths).toEqual([
      '/spec/template/spec/containers/1/image',
      '/spec/template/spec/initContainers/0/image',
    ]);
    await expect(
      service.setImage(PLACE, { container: 'no', image: 'x' }, change),
    ).rejects.toThrow(
      'payments has no container no; it has app, mesh, prepare',
    );
  });

  it('rolls back to the whole template, without the hash', async () => {
    const { service, change, resources } = setUp({ live: deployment() });
    expect(await service.rollback(PLACE, 1, change)).toEqual({
      success: true,
      resourceVersion: '100',
    });
    expect(resources.changes[0]).toMatchObject({
      body: [
        {
          op: 'replace',
          path: '/spec/template',
          value: {
            metadata: { labels: { app: 'payments' } },
            spec: { containers: [{ image: 'registry.example/app:1.8.2' }] },
          },
        },
        { value: 'roll-back to revision 1' },
      ],
      options: { action: 'deployment.rollback', details: { revision: 1 } },
    });
    expect(JSON.stringify(resources.changes)).not.toContain(
      'pod-template-hash',
    );
  });

  it('lists the revisions when there is none of that number', async () => {
    const { service, change, resources } = setUp({ live: deployment() });
    resources.set('replicasets', {
      ...replicaSet(7),
      metadata: { ...replicaSet(7).metadata, ownerReferences: [] },
    });
    await expect(service.rollback(PLACE, 7, change)).rejects.toThrow(
      expect.objectContaining({
        name: 'NotFoundError',
        message: 'payments has no revision 7; its revisions are 1, 2',
      }),
    );
  });

  it('takes a roll-back to the present revision for done', async () => {
    const { service, change, resources } = setUp({ live: deployment() });
    await service.rollback(PLACE, 2, change);
    expect(resources.changes[0].body).toHaveLength(1);
  });

  it('does nothing again for a resumed request that has left its mark', async () => {
    const live = deployment({
      metadata: { annotations: { [ANNOTATION_REQUEST]: 'mark' } },
    });
    const idempotency = { marker: 'mark', resumed: true };
    const { service, change, resources } = setUp({
      live,
      context: { idempotency },
    });
    // Its revision has a new number since the first attempt.
    expect(await service.rollback(PLACE, 9, change)).toMatchObject({
      success: true,
    });
    expect(await service.restart(PLACE, change)).toMatchObject({
      status: 'deployed',
    });
    expect(resources.changes).toEqual([]);

    const other = setUp({
      live,
      context: { idempotency: { marker: 'other', resumed: true } },
    });
    await other.service.restart(PLACE, other.change);
    expect(other.resources.changes).toHaveLength(1);
  });

  it('does nothing again when another instance took it over meanwhile', async () => {
    const idempotency = { marker: 'mark', resumed: false };
    const { service, change, resources } = setUp({
      live: deployment(),
      context: { idempotency },
    });
    resources.answer = () => {
      resources.set(
        'deployments',
        deployment({
          metadata: {
            resourceVersion: '101',
            annotations: { [ANNOTATION_REQUEST]: 'mark' },
          },
        }),
      );
      throw new ConflictError('changed');
    };
    expect(await service.restart(PLACE, change)).toMatchObject({
      status: 'deployed',
    });
    expect(resources.changes).toHaveLength(1);
  });

  it('does not take the mark of an earlier use of a key for its own', async () => {
    const annotations = { [ANNOTATION_REQUEST]: 'mark' };
    const { service, change, resources } = setUp({
      live: deployment({ metadata: { annotations } }),
      context: { idempotency: { marker: 'mark', resumed: false } },
    });
    const answer = resources.answer;
    resources.answer = () => {
      resources.set(
        'deployments',
        deployment({ metadata: { annotations, resourceVersion: '101' } }),
      );
      resources.answer = answer;
      throw new ConflictError('changed');
    };
    await service.restart(PLACE, change);
    expect(resources.changes).toHaveLength(2);
  });

  it('plans with owners and warnings, and changes nothing', async () => {
    const live = deployment({
      metadata: {
        labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' },
        managedFields: [
          {
            manager: 'kustomize-controller',
            fieldsV1: { 'f:spec': { 'f:replicas': {} } },
          },
        ],
      },
    });
    const { service, change, resources } = setUp({ live });
    resources.answer = () => ({
      ...live,
      spec: { ...live.spec, replicas: 0 },
    });
    const { status, plan } = await service.scale(PLACE, 0, {
      ...change,
      dryRun: true,
    });
    expect(status).toBe('planned');
    expect(plan?.changes).toEqual([
      {
        path: 'spec.replicas',
        before: 3,
        after: 0,
        owner: 'kustomize-controller',
      },
    ]);
    expect(plan?.warnings).toEqual([
      'No pod will be left: what it serves will stop.',
      'Flux deploys this object (shop): the change lasts until it deploys again.',
      'kustomize-controller owns spec.replicas: it may set them back when it applies again.',
    ]);
    expect(plan?.before).not.toHaveProperty('status');
    expect(resources.changes).toMatchObject([{ options: { dryRun: true } }]);
  });

  it('plans what does not exist yet', async () => {
    const { service, change, resources } = setUp();
    resources.answer = ({ body }) => body as KubernetesObject;
    const spec = { template: template() };
    const { plan } = await service.create(
      'c1',
      { name: 'payments', namespace: 'shop', spec },
      { ...change, dryRun: true },
    );
    expect(plan).toMatchObject({ before: null, warnings: [] });
    expect(plan?.changes.map(({ path }) => path)).toContain('spec');
  });

  it('deletes', async () => {
    const { service, change, resources } = setUp({ live: deployment() });
    expect(await service.delete(PLACE, change.context)).toEqual({
      success: true,
    });
    expect(resources.changes).toMatchObject([
      { verb: 'delete', options: { action: 'deployment.delete' } },
    ]);
  });

  it('deletes only the object that was there, when the request may be taken over', async () => {
    const { service, change, resources } = setUp({
      live: deployment({ metadata: { uid: 'first' } }),
      context: { idempotency: { marker: 'mark', resumed: false } },
    });
    await service.delete(PLACE, change.context);
    expect(resources.changes).toMatchObject([
      { verb: 'delete', options: { precondition: { uid: 'first' } } },
    ]);
  });

  it('leaves it to the delete what it means that nothing is there', async () => {
    const { service, change, resources } = setUp({
      context: { idempotency: { marker: 'mark', resumed: true } },
    });
    await service.delete(PLACE, change.context);
    expect(resources.changes).toHaveLength(1);
    expect(resources.changes[0].options.precondition).toBeUndefined();
  });

  it('answers 404 for what does not exist', async () => {
    const { service, change } = setUp();
    await expect(service.restart(PLACE, change)).rejects.toThrow(NotFoundError);
  });
});
