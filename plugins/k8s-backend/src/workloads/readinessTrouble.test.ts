import { NOW, pod } from './__fixtures__/workloadObjects';
import { podTrouble } from './podTrouble';
import type { StatusCondition } from './WorkloadObjects';

const condition = (type: string, status: string): StatusCondition => ({
  type,
  status,
  lastTransitionTime: '2026-11-23T12:00:00Z',
});
const READY_CONTAINERS = condition('ContainersReady', 'True');
const NOT_READY = condition('Ready', 'False');

const troubleOf = (
  conditions: StatusCondition[],
  readinessGates: { conditionType: string }[] = [],
) =>
  podTrouble(
    pod({ conditions, spec: { nodeName: 'node-1', readinessGates } }),
    {
      events: [],
      now: NOW,
    },
  );

it('says of a pod whose node was away why it does not count as ready, though its containers are', () => {
  expect(troubleOf([NOT_READY, READY_CONTAINERS])).toMatchObject({
    code: 'NodeNotReady',
    words: 'it does not count as ready since its node node-1 did not answer',
    since: NOT_READY.lastTransitionTime,
  });
});

it('names the readiness gate that is shut', () => {
  const gates = ['example.com/one', 'example.com/two'];
  const trouble = troubleOf(
    [NOT_READY, READY_CONTAINERS, condition(gates[0], 'True')],
    gates.map(conditionType => ({ conditionType })),
  );
  expect(trouble).toMatchObject({
    code: 'ReadinessGate',
    words: 'the readiness gate example.com/two is shut',
  });
});

it('leaves ready pods alone, and those whose containers are not', () => {
  expect(
    troubleOf([condition('Ready', 'True'), READY_CONTAINERS]),
  ).toBeUndefined();
  const other = troubleOf([NOT_READY, condition('ContainersReady', 'False')]);
  expect(other?.code).not.toBe('NodeNotReady');
});
