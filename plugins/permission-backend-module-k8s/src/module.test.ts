import {
  k8sClusterReadPermission,
  k8sClusterRegisterPermission,
} from '@backstage-k8s/plugin-k8s-common';
import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import permissionPlugin from '@backstage/plugin-permission-backend';
import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import request from 'supertest';
import permissionModuleK8s, { K8sPolicy } from '.';

const config = (bindings: object[]) =>
  mockServices.rootConfig.factory({
    data: {
      permission: { enabled: true },
      k8s: { permission: { bindings: bindings as never } },
    },
  });

const other = createPermission({ name: 'other.do', attributes: {} });
const permissions = [k8sClusterReadPermission, k8sClusterRegisterPermission];

/** What the permission plugin answers Jane. */
async function decisions(server: Parameters<typeof request>[0]) {
  const response = await request(server)
    .post('/api/permission/authorize')
    .set('Authorization', mockCredentials.user.header('user:default/jane'))
    .send({
      items: [...permissions, other].map((permission, index) => ({
        id: String(index),
        permission,
        ...(permission !== other && { resourceRef: 'dev-eu' }),
      })),
    });
  return response.body.items?.map(({ result }: { result: string }) => result);
}

it('is the policy of the portal, and allows what is not of the suite', async () => {
  const { server } = await startTestBackend({
    features: [
      permissionPlugin,
      permissionModuleK8s,
      config([{ role: 'K8sViewer', users: ['user:default/jane'] }]),
    ],
  });
  await expect(decisions(server)).resolves.toEqual([
    AuthorizeResult.ALLOW,
    AuthorizeResult.DENY,
    AuthorizeResult.ALLOW,
  ]);
});

it('can be put around the policy of a portal', async () => {
  const ownModule = createBackendModule({
    pluginId: 'permission',
    moduleId: 'own',
    register(registration) {
      registration.registerInit({
        deps: {
          policy: policyExtensionPoint,
          config: coreServices.rootConfig,
        },
        async init({ policy, config: rootConfig }) {
          policy.setPolicy(
            K8sPolicy.fromConfig(rootConfig, {
              delegate: {
                handle: async () => ({ result: AuthorizeResult.DENY }),
              },
            }),
          );
        },
      });
    },
  });
  const { server } = await startTestBackend({
    features: [
      permissionPlugin,
      ownModule,
      config([{ role: 'K8sAdmin', users: ['user:default/jane'] }]),
    ],
  });
  await expect(decisions(server)).resolves.toEqual([
    AuthorizeResult.ALLOW,
    AuthorizeResult.ALLOW,
    AuthorizeResult.DENY,
  ]);
});

it('does not start with a binding that is wrong', async () => {
  await expect(
    startTestBackend({
      features: [
        permissionPlugin,
        permissionModuleK8s,
        config([{ role: 'K8sRoot', users: ['user:default/jane'] }]),
      ],
    }),
  ).rejects.toThrow(/k8s\.permission\.bindings\[0\]: role/);
});
