// What is a change is said by the document of the whole back end.
// eslint-disable-next-line @backstage/no-mixed-plugin-imports
import k8sPlugin from '@backstage-k8s/plugin-k8s-backend';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import request from 'supertest';
import { k8sModuleReadOnly } from './module';

const REASON = 'until noon';

/** Asks a portal with the module in front of the whole API. */
async function ask(
  route: string,
  body?: object,
): Promise<Pick<request.Response, 'status' | 'body'>> {
  const { server } = await startTestBackend({
    features: [
      k8sPlugin,
      k8sModuleReadOnly,
      mockServices.rootConfig.factory({
        data: {
          permission: { enabled: false },
          k8s: {
            // Jest does not reach the TypeScript of other threads.
            cache: { workers: 0 },
            readOnly: { enabled: true, reason: REASON },
          },
        },
      }),
    ],
  });
  const [method, path] = route.split(' ');
  return request(server)
    [method === 'GET' ? 'get' : 'post'](`/api/k8s${path}`)
    .set('Authorization', mockCredentials.user.header())
    .send(body);
}

describe('k8sModuleReadOnly', () => {
  it.each<[string, object | undefined]>([
    // Takes no Idempotency-Key, and whoever has a terminal can change anything.
    ['POST /clusters/c1/namespaces/shop/pods/web/terminals', {}],
    ['POST /clusters', { name: 'one', kubeconfig: '{}' }],
    ['POST /clusters/c1/deployments/shop/web/restart', undefined],
  ])('refuses %s', async (route, body) => {
    const answer = await ask(route, body);
    expect(answer.status).toBe(403);
    expect(answer.body.error.message).toContain(REASON);
  });

  it.each<[string, object | undefined]>([
    ['GET /clusters', undefined],
    ['POST /access-reviews', { reviews: [{ action: 'cluster.register' }] }],
  ])('answers %s', async (route, body) => {
    expect((await ask(route, body)).status).toBe(200);
  });
});
