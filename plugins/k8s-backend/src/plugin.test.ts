import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import request from 'supertest';
import { k8sPlugin } from './plugin';

const USER = mockCredentials.user.header();

function startPortal(config: Record<string, unknown> = {}) {
  return startTestBackend({
    features: [
      k8sPlugin,
      mockServices.rootConfig.factory({
        data: { permission: { enabled: true }, ...config } as never,
      }),
    ],
  });
}

describe('k8sPlugin', () => {
  it('refuses whoever has no token, in Backstage shape and without a stack', async () => {
    const { server } = await startPortal();
    const answer = await request(server)
      .get('/api/k8s/clusters')
      .set('Authorization', mockCredentials.none.header());
    expect(answer.status).toBe(401);
    expect(answer.body.error.name).toBe('AuthenticationError');
    expect(JSON.stringify(answer.body)).not.toContain('stack');
  });

  it('answers the state of the installation', async () => {
    const { server } = await startPortal();
    const answer = await request(server)
      .get('/api/k8s/status')
      .set('Authorization', USER);
    expect(answer.body).toEqual({
      user: { ref: 'user:default/mock' },
      permission: 'enabled',
      encryption: 'missing',
      developmentClusters: [],
    });
  });
});
