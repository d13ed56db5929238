import { test as base } from '@playwright/test';
import type { Page } from '@playwright/test';
import { demoToken } from '../../../dev/portal/demoToken.ts';
import type { DemoUser } from '../../../dev/portal/demoToken.ts';

/** A browser, and ways to be somebody in it. */
export interface PortalFixtures {
  /** Address of the portal. */
  url: string;
  /** Signs in on the sign-in page and opens a path of the portal. */
  openAs(user: DemoUser, path: string): Promise<Page>;
  /** Calls the REST API, for what a test has to prepare or to verify. */
  api(
    user: DemoUser,
    route: string,
    body?: unknown,
    // Shapes that TypeScript knows nothing of here.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
  ): Promise<any>;
  /** Id of a registered cluster. */
  clusterId(name: string): Promise<string>;
}

/** What the cards of the sign-in page are called. */
const NAMES: Record<DemoUser, RegExp> = {
  viewer: /viewer/i,
  operator: /operator/i,
  admin: /admin/i,
  owner: /owner/i,
};

export const test = base.extend<PortalFixtures>({
  // Playwright wants the destructuring even where nothing is taken.
  // eslint-disable-next-line no-empty-pattern
  url: async ({}, use) => use(process.env.TEST_PORTAL_URL!),

  openAs: async ({ page, url }, use) => {
    await use(async (user, path) => {
      await page.goto(`${url}${path}`);
      await page.getByRole('button', { name: NAMES[user] }).first().click();
      // The sidebar is there: signed in.
      await page.getByRole('link', { name: 'Kubernetes' }).first().waitFor();
      return page;
    });
  },

  api: async ({ url }, use) => {
    await use(async (user, route, body) => {
      const [method, path] = route.split(' ');
      const answer = await fetch(`${url}/api/k8s${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${await demoToken(url, user)}`,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const content = await answer.json();
      if (!answer.ok) throw new Error(`${route}: ${JSON.stringify(content)}`);
      return content;
    });
  },

  clusterId: async ({ api }, use) => {
    await use(async name => {
      const { clusters } = await api('admin', 'GET /clusters');
      return clusters.find((one: { name: string }) => one.name === name).id;
    });
  },
});

export { expect } from '@playwright/test';
