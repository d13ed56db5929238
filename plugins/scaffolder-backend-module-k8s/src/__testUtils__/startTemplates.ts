import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { ConflictError, NotAllowedError } from '@backstage/errors';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { scaffolderAutocompleteExtensionPoint } from '@backstage/plugin-scaffolder-node/alpha';
import type { AutocompleteHandler } from '@backstage/plugin-scaffolder-node/alpha';
import { json } from 'express';
import Router from 'express-promise-router';
import scaffolderModuleK8s from '..';

/** One request that the API got. */
export interface Told {
  user: string;
  method: string;
  url: string;
  key: string | undefined;
  body: unknown;
}

const PLAN = {
  before: null,
  after: { kind: 'Deployment' },
  changes: [{ path: 'spec.replicas', after: 2 }],
  warnings: ['No limits are set'],
};
const KINDS = [
  { group: '', kind: 'ConfigMap', plural: 'configmaps', namespaced: true },
  {
    group: 'apps',
    kind: 'Deployment',
    plural: 'deployments',
    namespaced: true,
  },
  { group: '', kind: 'Node', plural: 'nodes', namespaced: false },
];

/** Whom the API refuses everything that changes. */
export const VIEWER = 'user:default/viewer';

/** A portal whose Kubernetes plugin answers from here; `rollouts` are told one after the other, the last for ever. */
export async function startTemplates(
  options: { rollouts?: Record<string, string>[] } = {},
) {
  const told: Told[] = [];
  const rollouts = [...(options.rollouts ?? [{ state: 'complete' }])];
  const actions = new Map<string, TemplateAction<any, any, any>>();
  let complete: AutocompleteHandler | undefined;
  const scaffolder = createBackendPlugin({
    pluginId: 'scaffolder',
    register(registration) {
      registration.registerExtensionPoint(scaffolderActionsExtensionPoint, {
        addActions: (...added) =>
          added.forEach(action => actions.set(action.id, action)),
      });
      registration.registerExtensionPoint(
        scaffolderAutocompleteExtensionPoint,
        { addAutocompleteProvider: ({ handler }) => void (complete = handler) },
      );
      registration.registerInit({ deps: {}, async init() {} });
    },
  });
  const k8s = createBackendPlugin({
    pluginId: 'k8s',
    register(registration) {
      registration.registerInit({
        deps: {
          router: coreServices.httpRouter,
          httpAuth: coreServices.httpAuth,
        },
        async init({ router, httpAuth }) {
          const routes = Router();
          routes.use(json());
          routes.use(async (req, _, next) => {
            const { principal } = await httpAuth.credentials(req, {
              allow: ['user'],
            });
            const user = principal.userEntityRef;
            told.push({
              user,
              method: req.method,
              url: req.url,
              key: req.header('Idempotency-Key'),
              body: req.body,
            });
            if (user === VIEWER && req.method !== 'GET') {
              throw new NotAllowedError('This needs the role K8sOperator');
            }
            next();
          });
          routes.get('/clusters', (_, res) => {
            res.json({
              clusters: [
                { id: '0a1b', name: 'Production' },
                { id: '2c3d', name: 'Test' },
              ],
            });
          });
          routes.get('/clusters/:id/kinds', (_, res) => {
            res.json({ kinds: KINDS });
          });
          routes.get('/clusters/:id/namespaces', (_, res) => {
            res.json({ namespaces: [{ name: 'payments' }] });
          });
          routes.post('/clusters/:id/namespaces', (req, res) => {
            const { name } = req.body;
            if (name === 'payments') {
              throw new ConflictError('Namespace payments exists already');
            }
            res.json(
              req.query.dryRun === 'true'
                ? { name, status: 'planned', plan: PLAN }
                : { name, status: 'Active', resourceVersion: '7' },
            );
          });
          routes.put(
            '/clusters/:id/resources/:group/:plural/:namespace/:name',
            (req, res) => {
              const { name, namespace } = req.params;
              if (name === 'owned' && !req.body.force) {
                throw Object.assign(new ConflictError('Others own fields'), {
                  details: { conflicts: [{ path: 'data.a', owner: 'helm' }] },
                });
              }
              res.json(
                req.query.dryRun === 'true'
                  ? { name, namespace, status: 'planned', plan: PLAN }
                  : { name, namespace, status: 'done', resourceVersion: '9' },
              );
            },
          );
          routes.get('/clusters/:id/deployments/:namespace/:name', (_, res) => {
            const rollout =
              rollouts.length > 1 ? rollouts.shift() : rollouts[0];
            res.json({ rollout });
          });
          router.use(routes);
        },
      });
    },
  });
  await startTestBackend({
    features: [
      k8s,
      scaffolder,
      scaffolderModuleK8s,
      mockServices.rootConfig.factory({ data: {} }),
    ],
  });
  return {
    told,
    actions,
    complete: (request: Parameters<AutocompleteHandler>[0]) =>
      complete!(request),
    tokenOf: (ref: string) => mockCredentials.user.token(ref),
  };
}
