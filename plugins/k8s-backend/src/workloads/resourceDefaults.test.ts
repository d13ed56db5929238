import { withResourceDefaults } from './resourceDefaults';
import type { DeploymentSpec, PodSpec } from './WorkloadObjects';

const DEFAULTS = { cpu: '100m', memory: '256Mi' };

function filled(pod: PodSpec) {
  const { template } = withResourceDefaults(
    { template: { spec: pod } },
    DEFAULTS,
  );
  return template?.spec;
}
const resources = (container: object) =>
  filled({ containers: [{ name: 'a', ...container }] })?.containers?.[0]
    .resources;

describe('withResourceDefaults', () => {
  it.each([
    ['nothing', {}, { requests: DEFAULTS }],
    [
      'one of them',
      { resources: { requests: { cpu: '2' } } },
      { requests: { cpu: '2', memory: '256Mi' } },
    ],
    [
      'a limit below the default',
      { resources: { limits: { cpu: '50m', memory: '1Gi' } } },
      {
        requests: { cpu: '50m', memory: '256Mi' },
        limits: { cpu: '50m', memory: '1Gi' },
      },
    ],
    [
      'other resources',
      { resources: { limits: { 'nvidia.com/gpu': '1' } } },
      { requests: DEFAULTS, limits: { 'nvidia.com/gpu': '1' } },
    ],
  ])(
    'fills in what a container that names %s lacks',
    (_, container, expected) => {
      expect(resources(container)).toEqual(expected);
    },
  );

  it('leaves a container that names both as it is', () => {
    const container = {
      name: 'a',
      resources: { requests: { cpu: '1', memory: '1' } },
    };
    expect(filled({ containers: [container] })?.containers?.[0]).toBe(
      container,
    );
  });

  it('fills init containers, and leaves resources of the whole pod alone', () => {
    const pod = filled({
      resources: { requests: { cpu: '1' } },
      containers: [{ name: 'a' }],
      initContainers: [{ name: 'b' }],
    });
    const requests = { memory: '256Mi' };
    expect(pod?.containers?.[0].resources).toEqual({ requests });
    expect(pod?.initContainers?.[0].resources).toEqual({ requests });
  });

  it.each([
    [{}],
    [{ template: {} }],
    [{ template: { spec: { containers: 'no list' } } }],
    [{ template: { spec: { containers: [null, 'x'] } } }],
    [{ template: { spec: null } }],
    [{ template: { spec: [] } }],
    [{ template: { spec: { containers: [{ name: 'a', resources: 'x' }] } } }],
    [
      {
        template: {
          spec: { containers: [{ name: 'a', resources: { requests: [] } }] },
        },
      },
    ],
  ])('leaves what is not valid for the API server to refuse: %j', spec => {
    expect(withResourceDefaults(spec as DeploymentSpec, DEFAULTS)).toEqual(
      spec,
    );
  });
});
