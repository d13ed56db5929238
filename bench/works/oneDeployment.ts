import { check, figure, judged } from '../Figure.ts';
import { interleave, middle } from '../measure/interleave.ts';
import { SYNC_WITHIN_MS, until } from '../portal/BenchPortal.ts';
import { FLOOR } from './requests.ts';
import type { DeploymentDetail, RawList } from './requests.ts';
import type { OneCluster, Work } from './Surroundings.ts';

const WHAT = 'one deployment by name';

/** W1: one deployment by name. */
export const oneDeployment: Work<OneCluster> = {
  ids: ['W1'],
  async run({ size, server, portal, cluster }) {
    const raw = server.client();
    const user = await portal.client();
    const { items } = await raw.json<RawList>('GET /apis/apps/v1/deployments');
    const { metadata, status } = items[Math.floor(items.length / 2)];
    const { namespace, name } = metadata;
    const ours = `GET /api/k8s/clusters/${cluster}/deployments/${namespace}/${name}`;
    let answer = await user.json<DeploymentDetail>(ours);
    // Of a large cluster the pods are not known yet, and the answer says so.
    await until(
      'the deployment is live',
      async () => {
        answer = await user.json<DeploymentDetail>(ours);
        return answer.cache.state === 'live';
      },
      { withinMs: SYNC_WITHIN_MS },
    );
    const { items: pods } = await raw.json<RawList>(
      `GET /api/v1/namespaces/${namespace}/pods?labelSelector=app.kubernetes.io/name=${name}`,
    );
    check(
      answer.name === name && answer.ready === (status?.readyReplicas ?? 0),
      `W1: ${name} is not as the API server has it`,
    );
    check(
      answer.pods.length === pods.length,
      `W1: ${name} has ${answer.pods.length} pods instead of ${pods.length}`,
    );
    const times = await interleave(
      {
        raw: async () =>
          (
            await raw.call(
              `GET /apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
            )
          ).ms,
        floor: async () => (await user.call(FLOOR)).ms,
        ours: async () => (await user.call(ours)).ms,
      },
      { rounds: size.rounds, requests: 2 * size.requests },
    );
    raw.close();
    user.close();
    const floor = middle(times.floor);
    return [
      figure('W1', 'raw', {
        figure: middle(times.raw),
        unit: 'ms',
        what: WHAT,
      }),
      figure('W1', 'floor', {
        figure: floor,
        unit: 'ms',
        what: 'an empty answer',
      }),
      judged('W1', 'ours', {
        ...{ figure: middle(times.ours), unit: 'ms', what: WHAT },
        ...{ ratio: middle(times.ours) / floor, atMost: 2, of: 'floor' },
      }),
    ];
  },
};
