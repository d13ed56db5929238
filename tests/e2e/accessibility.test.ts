/** axe finds nothing serious on any page, light and dark; nothing is wider than the window. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './support/portalTest.ts';

const SERVICE = '/catalog/default/component/payments/kubernetes';
const PAGES = {
  clusters: () => '/k8s/clusters',
  register: () => '/k8s/register',
  changes: () => '/k8s/changes',
  cache: () => '/k8s/cache',
  search: () => '/k8s/search?q=payments',
  cluster: (id: string) => `/k8s/clusters/${id}/overview`,
  namespaces: (id: string) => `/k8s/clusters/${id}/namespaces`,
  deployments: (id: string) => `/k8s/clusters/${id}/workloads/apps/deployments`,
  deployment: (id: string) =>
    `/k8s/clusters/${id}/object/apps/deployments/payments/payments`,
  pods: (id: string) => `/k8s/clusters/${id}/workloads/core/pods`,
  'no ingresses': (id: string) =>
    `/k8s/clusters/${id}/network/networking.k8s.io/ingresses`,
  'custom resources': (id: string) => `/k8s/clusters/${id}/custom`,
  node: (id: string) => `/k8s/clusters/${id}/object/core/nodes/_/dev-eu-node-1`,
  yaml: (id: string) =>
    `/k8s/clusters/${id}/object/core/services/payments/payments/yaml`,
  related: (id: string) =>
    `/k8s/clusters/${id}/object/core/services/payments/payments/related`,
  history: (id: string) =>
    `/k8s/clusters/${id}/object/apps/deployments/payments/payments/history`,
  settings: (id: string) => `/k8s/clusters/${id}/settings`,
  service: () => SERVICE,
  'cluster entity': () => '/catalog/default/resource/dev-eu',
};

for (const theme of ['light', 'dark'] as const) {
  for (const [name, path] of Object.entries(PAGES)) {
    test(`${name}, ${theme}`, async ({ page, openAs, clusterId }) => {
      await page.addInitScript(
        chosen => localStorage.setItem('theme', chosen),
        theme,
      );
      await openAs('admin', path(await clusterId('dev-eu')));
      await page.getByRole('main').first().waitFor();
      // Skeletons are gone when the page has what it shows.
      await page.waitForTimeout(2_500);
      const { violations } = await new AxeBuilder({ page })
        .include('main')
        .analyze();
      const serious = violations.filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      );
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual(
        [],
      );
      const overflow = await page.evaluate(
        () =>
          document.documentElement.scrollWidth -
          document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
    });
  }
}
