/**
 * Takes the pictures of the README from a running portal (`./portal start`), broken on purpose where a picture shows trouble.
 *
 *   node dev/screenshots.ts [light|dark]
 */
import { chromium } from '@playwright/test';
import { join } from 'node:path';
import { demoToken } from './portal/demoToken.ts';
import { PORT, ROOT } from './portal/paths.ts';
import { findChromium } from './portal/test/findChromium.ts';

const URL = `http://localhost:${PORT}`;
const SERVICE = '/catalog/default/component/payments/kubernetes';
const IMAGES = join(ROOT, 'docs/images');
/** Until a page has what it shows. */
const SETTLE_MS = 4_000;

const theme = process.argv[2] ?? 'light';
const suffix = theme === 'light' ? '' : `-${theme}`;

async function api(route: string, body?: unknown) {
  const [method, path] = route.split(' ');
  const answer = await fetch(`${URL}/api/k8s${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${await demoToken(URL, 'admin')}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as { clusters: { id: string; name: string }[] };
}

const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const page = await browser.newPage({
  viewport: { width: 1280, height: 860 },
});
await page.addInitScript(
  chosen => localStorage.setItem('theme', chosen),
  theme,
);

async function shoot(name: string, path: string) {
  await page.goto(URL + path);
  const signIn = page.getByRole('button', { name: /admin/i }).first();
  const home = page.getByRole('link', { name: 'Kubernetes' }).first();
  await signIn.or(home).first().waitFor();
  if (await signIn.isVisible()) await signIn.click();
  await home.waitFor();
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: join(IMAGES, `${name}${suffix}.png`) });
}

try {
  const { clusters } = await api('GET /clusters');
  const eu = clusters.find(({ name }) => name === 'dev-eu')!.id;
  const deployment = `/clusters/${eu}/deployments/payments/payments`;
  await shoot('clusters', '/k8s/clusters');
  await shoot('cluster', `/k8s/clusters/${eu}/overview`);
  await shoot('register', '/k8s/register');
  await shoot('changes', '/k8s/changes');
  await api(`POST ${deployment}/image`, {
    container: 'payments',
    image: 'registry.example/shop/payments:1.6.0-missing',
  });
  await shoot('service', SERVICE);
  await page
    .getByRole('button', { name: /^Roll back to/ })
    .first()
    .click();
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: join(IMAGES, `plan${suffix}.png`) });
  await api(`POST ${deployment}/image`, {
    container: 'payments',
    image: 'registry.example/shop/payments:1.5.0',
  });
} finally {
  await browser.close();
}
