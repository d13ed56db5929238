import type {
  KubernetesObject,
  ManagedFieldsEntry,
} from '@backstage-k8s/plugin-k8s-common';
import { ChangeBudget } from './ChangeBudget';
import { ChangeObserver } from './ChangeObserver';
import type { DroppedChange, ObjectChange } from './ObjectChange';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const at = (secondsAgo: number) =>
  new Date(NOW - secondsAgo * 1000).toISOString();
const DEPLOYMENTS = {
  ...{ cluster: 'c1', group: 'apps', version: 'v1', plural: 'deployments' },
};

function setUp(kind = DEPLOYMENTS) {
  /** Undefined: one that was dropped. */
  const told: (ObjectChange | undefined)[] = [];
  const dropped: DroppedChange[] = [];
  const observer = ChangeObserver.for(kind, {
    budget: new ChangeBudget({ now: () => NOW }),
    tell: change => {
      told.push('dropped' in change ? undefined : change);
      if ('dropped' in change) dropped.push(change);
    },
    now: () => NOW,
  });
  return { observer, told, dropped };
}

function object(
  version: number,
  more: { uid?: string; [field: string]: unknown } = {},
): KubernetesObject {
  const { uid = 'u1', ...rest } = more;
  return {
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid,
      resourceVersion: String(version),
    },
    ...rest,
  };
}

function writer(
  manager: string,
  secondsAgo: number,
  fieldsV1: Record<string, unknown> = {},
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry {
  const operation = 'Update';
  return { manager, operation, time: at(secondsAgo), fieldsV1, ...more };
}

const REPLICAS = { 'f:spec': { 'f:replicas': {} } };
const scaled = {
  object: object(2, { spec: { replicas: 3 } }),
  before: () => object(1, { spec: { replicas: 1 } }),
};
const managersOf = (told: (ObjectChange | undefined)[]) =>
  told.flatMap(change => change?.managers.map(({ manager }) => manager) ?? []);

describe('ChangeObserver', () => {
  it('tells who changed what', () => {
    const { observer, told } = setUp();
    observer?.changed({
      ...scaled,
      managedFields: [
        writer('kubectl-create', 3600),
        writer('kube-controller-manager', 0, {}, { subresource: 'status' }),
        writer('portal', 20),
        // As the API server notes it.
        writer('kubectl', 1, REPLICAS, {
          subresource: 'scale',
          time: undefined,
        }),
      ],
    });
    expect(told).toEqual([
      {
        ...{ cluster: 'c1', group: 'apps', plural: 'deployments' },
        ...{ namespace: 'shop', name: 'web', uid: 'u1' },
        ...{ resourceVersion: '2', type: 'changed', at: NOW },
        notBefore: undefined,
        managers: [
          {
            ...{ manager: 'kubectl', operation: 'Update' },
            ...{ subresource: 'scale' },
          },
        ],
        changes: [
          {
            ...{ path: '/spec/replicas', field: 'spec.replicas' },
            ...{ before: 1, after: 3 },
          },
        ],
        omitted: 0,
      },
    ]);
  });

  it('tells two who wrote in one second apart by what they own', () => {
    const { observer, told } = setUp();
    observer?.changed({
      ...scaled,
      managedFields: [
        writer('other', 1, { 'f:metadata': { 'f:labels': {} } }),
        writer('scaler', 1, REPLICAS),
      ],
    });
    expect(managersOf(told)).toEqual(['scaler']);
  });

  it('names who took away what nobody owns then, if it was just now', () => {
    const { observer, told } = setUp();
    const removed = {
      object: object(2),
      before: () => object(1, { spec: { replicas: 1 } }),
    };
    observer?.changed({ ...removed, managedFields: [writer('helm', 1)] });
    observer?.changed({ ...removed, managedFields: [writer('helm', 30)] });
    expect(told.map(change => change?.managers.length)).toEqual([1, 0]);
  });

  it('does not name the last who wrote for what somebody else took away later', () => {
    const { observer, told } = setUp();
    observer?.changed({
      object: object(2),
      before: () => object(1, { spec: { replicas: 1 } }),
      managedFields: [writer('kubectl-create', 3600)],
    });
    expect(told).toMatchObject([{ type: 'changed', managers: [] }]);
  });

  it('names all who wrote since, when it was not seen', () => {
    const { observer, told } = setUp();
    observer?.changed({
      ...scaled,
      notBefore: NOW - 600_000,
      managedFields: [
        writer('before', 3600),
        writer('first', 500, REPLICAS),
        writer('second', 400, REPLICAS),
      ],
    });
    expect(managersOf(told)).toEqual(['first', 'second']);
    expect(told).toMatchObject([{ notBefore: NOW - 600_000 }]);
  });

  it('is silent when only the status differs', () => {
    const { observer, told } = setUp();
    observer?.changed({
      object: object(2, { status: { ready: 1 } }),
      before: () => object(1),
    });
    expect(told).toEqual([]);
  });

  it('tells what came, went, and was replaced under its name', () => {
    const { observer, told } = setUp();
    observer?.changed({
      object: object(1),
      managedFields: [writer('kubectl-create', 0)],
    });
    observer?.deleted({ object: object(1) });
    observer?.changed({
      object: object(9, { uid: 'u2' }),
      before: () => object(1),
    });
    expect(
      told.map(change => [change?.type, change?.uid, change?.resourceVersion]),
    ).toEqual([
      ['created', 'u1', '1'],
      ['deleted', 'u1', 'deleted'],
      ['deleted', 'u1', 'deleted'],
      ['created', 'u2', '9'],
    ]);
    expect(managersOf(told)).toEqual(['kubectl-create']);
  });

  it.each(['pods', 'endpoints', 'events'])('has no history of %s', plural => {
    const kind = { cluster: 'c1', group: '', version: 'v1', plural };
    expect(setUp(kind).observer).toBeUndefined();
  });

  it('tells of a Secret that its data was set, without values', () => {
    const { observer, told } = setUp({
      ...{ cluster: 'c1', group: '', version: 'v1', plural: 'secrets' },
    });
    const secret = (version: number) =>
      object(version, { data: { password: '' } });
    const before = () => secret(1);
    const data = { 'f:data': { 'f:password': {} } };
    observer?.changed({
      object: secret(2),
      before,
      managedFields: [writer('kubectl-patch', 1, data)],
    });
    // Somebody who wrote something else, which is no change.
    observer?.changed({
      object: secret(3),
      before,
      managedFields: [
        writer('kubectl-patch', 300, data),
        writer('other', 0, { 'f:metadata': { 'f:labels': {} } }),
      ],
    });
    expect(told).toMatchObject([
      { changes: [{ path: '/data', field: 'data', hidden: true }] },
    ]);
  });

  it('drops what is too much before it looks at it', () => {
    const { observer, told, dropped } = setUp();
    const before = jest.fn(() => object(1));
    const status = { object: object(2, { status: { ready: 1 } }), before };
    for (let count = 0; count < 1_000; count += 1) observer?.changed(status);
    expect(before).toHaveBeenCalledTimes(600);
    expect(told).toHaveLength(400);
    expect(new Set(told)).toEqual(new Set([undefined]));
    expect(dropped[0]).toEqual({
      ...{ cluster: 'c1', group: 'apps', plural: 'deployments' },
      dropped: true,
    });
  });

  it('does not mistake the status, which changes often, for changes', () => {
    const { observer, told } = setUp();
    const status = object(2, { status: { ready: 1 } });
    for (let count = 0; count < 100; count += 1) {
      observer?.changed({ object: status, before: () => object(1) });
    }
    for (let count = 0; count < 50; count += 1) observer?.changed(scaled);
    const dropped = told.filter(change => change === undefined);
    expect(told).toHaveLength(50);
    expect(dropped).toHaveLength(20);
  });
});
