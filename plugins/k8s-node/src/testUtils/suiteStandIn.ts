import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import type {
  BackendFeature,
  HttpRouterService,
} from '@backstage/backend-plugin-api';

/** What stands in for the suite's back end in a test. @public */
export interface SuiteStandIn {
  /** For the test's back end, in place of the suite's. */
  feature: BackendFeature;
  /** Whom it was asked by: subjects of services, such as `plugin:catalog`. */
  subjects: ReadonlySet<string>;
}

/**
 * Answers below `/api/k8s` as a test wants it, and only services, for tests of what asks the suite by `createServiceClient`.
 *
 * @param routes - a router or handler of Express; what it throws is answered as what the suite throws
 * @public
 */
export function suiteStandIn(
  routes: Parameters<HttpRouterService['use']>[0],
): SuiteStandIn {
  const subjects = new Set<string>();
  const feature = createBackendPlugin({
    pluginId: 'k8s',
    register(registration) {
      registration.registerInit({
        deps: {
          router: coreServices.httpRouter,
          httpAuth: coreServices.httpAuth,
        },
        async init({ router, httpAuth }) {
          router.use(async (request, response, next) => {
            try {
              const { principal } = await httpAuth.credentials(request, {
                allow: ['service'],
              });
              subjects.add(principal.subject);
              await routes(request, response, next);
            } catch (error) {
              next(error);
            }
          });
        },
      });
    },
  });
  return { feature, subjects };
}
