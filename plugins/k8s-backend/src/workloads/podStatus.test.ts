import { pod, waitingPod } from './__fixtures__/workloadObjects';
import { podStatus } from './podStatus';
import type { ContainerStatus, PodObject } from './WorkloadObjects';

const withInit = (
  initContainerStatuses: ContainerStatus[],
  initContainers: object[] = [{ name: 'one' }, { name: 'two' }],
): PodObject => {
  const base = waitingPod('PodInitializing');
  return {
    ...base,
    spec: { ...base.spec, initContainers } as PodObject['spec'],
    status: { ...base.status, initContainerStatuses },
  };
};
const done = { terminated: { exitCode: 0, reason: 'Completed' } };

describe('podStatus', () => {
  it.each<[string, PodObject, object]>([
    [
      'running',
      pod(),
      { status: 'Running', ready: 1, containers: 1, restarts: 0 },
    ],
    [
      'pulling',
      waitingPod('ImagePullBackOff'),
      { status: 'ImagePullBackOff', ready: 0 },
    ],
    [
      'phase only',
      pod({ phase: 'Pending', status: { phase: 'Pending' } }),
      { status: 'Pending', ready: 0 },
    ],
    [
      'evicted',
      pod({ phase: 'Failed', status: { phase: 'Failed', reason: 'Evicted' } }),
      { status: 'Evicted' },
    ],
    [
      'scheduling gate',
      pod({
        status: {
          phase: 'Pending',
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'SchedulingGated',
            },
          ],
        },
      }),
      { status: 'SchedulingGated' },
    ],
    [
      'first init container',
      withInit([{ name: 'one', state: { running: {} } }]),
      { status: 'Init:0/2' },
    ],
    [
      'second init container',
      withInit([
        { name: 'one', state: done },
        { name: 'two', state: { waiting: { reason: 'PodInitializing' } } },
      ]),
      { status: 'Init:1/2' },
    ],
    [
      'init image',
      withInit([
        { name: 'one', state: { waiting: { reason: 'ErrImagePull' } } },
      ]),
      { status: 'Init:ErrImagePull' },
    ],
    [
      'init crash',
      withInit([
        {
          name: 'one',
          restartCount: 2,
          state: { terminated: { exitCode: 1, reason: 'Error' } },
        },
      ]),
      { status: 'Init:Error', restarts: 2 },
    ],
    [
      'init signal',
      withInit([
        { name: 'one', state: { terminated: { exitCode: 137, signal: 9 } } },
      ]),
      { status: 'Init:Signal:9' },
    ],
    [
      'init exit code',
      withInit([{ name: 'one', state: { terminated: { exitCode: 2 } } }]),
      { status: 'Init:ExitCode:2' },
    ],
    [
      'init done',
      withInit([
        { name: 'one', state: done },
        { name: 'two', state: done },
      ]),
      { status: 'PodInitializing' },
    ],
    [
      'sidecar counts as a container',
      {
        ...withInit(
          [
            {
              name: 'mesh',
              started: true,
              ready: true,
              restartCount: 1,
              state: { running: {} },
            },
          ],
          [{ name: 'mesh', restartPolicy: 'Always' }],
        ),
        metadata: {},
      },
      { status: 'PodInitializing', ready: 1, containers: 2, restarts: 1 },
    ],
    [
      'exit code',
      pod({ phase: 'Running', state: { terminated: { exitCode: 3 } } }),
      { status: 'ExitCode:3' },
    ],
    [
      'signal',
      pod({ phase: 'Running', state: { terminated: { signal: 6 } } }),
      { status: 'Signal:6' },
    ],
    [
      'completed',
      pod({ phase: 'Succeeded', state: done }),
      { status: 'Completed' },
    ],
    [
      'one of two completed',
      pod({
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'False' }],
          containerStatuses: [
            { name: 'a', state: done },
            { name: 'b', ready: true, state: { running: {} } },
          ],
        },
      }),
      { status: 'NotReady', ready: 1 },
    ],
    [
      'ending',
      pod({ metadata: { deletionTimestamp: '2026-11-23T12:00:00Z' } }),
      { status: 'Terminating' },
    ],
    [
      'ending, already finished',
      pod({
        phase: 'Succeeded',
        state: done,
        metadata: { deletionTimestamp: '2026-11-23T12:00:00Z' },
      }),
      { status: 'Completed' },
    ],
    [
      'on a lost node',
      pod({
        metadata: { deletionTimestamp: '2026-11-23T12:00:00Z' },
        status: { phase: 'Running', reason: 'NodeLost' },
      }),
      { status: 'Unknown' },
    ],
    [
      'nothing known',
      { metadata: {} },
      { status: 'Unknown', ready: 0, containers: 0, restarts: 0 },
    ],
  ])('%s', (_, object, expected) => {
    expect(podStatus(object)).toMatchObject(expected);
  });
});
