/**
 * Takes the pictures of the README from a running portal (`./portal start`), broken on purpose where a picture shows trouble.
 *
 *   node dev/screenshots.ts [light|dark]
 */
import { chromium } from '@playwright/test';
import { join } from 'node:path';
import { DevelopmentCluster } from './portal/clusters/DevelopmentCluster.ts';
import { demoToken } from './portal/demoToken.ts';
import { PORT, ROOT } from './portal/paths.ts';
import { findChromium } from './portal/test/findChromium.ts';

const URL = `http://localhost:${PORT}`;
const SERVICE = '/catalog/default/component/payments/kubernetes';
const IMAGES = join(ROOT, 'docs/images');
/** Until a page has what it shows. */
const SETTLE_MS = 4_000;
/** Until what has just changed is no longer marked as that. */
const CALM_MS = 25_000;
/** Until a cluster that stopped answering is told to be away: a check every ten seconds, and its time limit. */
const AWAY_MS = 45_000;

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

async function open(path: string) {
  await page.goto(URL + path);
  const signIn = page.getByRole('button', { name: /admin/i }).first();
  const home = page.getByRole('link', { name: 'Kubernetes' }).first();
  await signIn.or(home).first().waitFor();
  if (await signIn.isVisible()) await signIn.click();
  await home.waitFor();
}

async function shoot(name: string) {
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: join(IMAGES, `${name}${suffix}.png`) });
}

const away = DevelopmentCluster.named('dev-us');

try {
  const { clusters } = await api('GET /clusters');
  const eu = clusters.find(({ name }) => name === 'dev-eu')!.id;
  const deployment = `/clusters/${eu}/deployments/payments/payments`;

  await open('/k8s/register');
  // An access that the cluster does not take, so that the check has something to say.
  const kubeconfig = await DevelopmentCluster.named('dev-eu').kubeconfig();
  await page
    .getByRole('textbox', { name: 'Kubeconfig' })
    .fill(kubeconfig.replace(/(token"?: "?)[^"\s]+/, '$1revoked'));
  await page.getByRole('button', { name: 'Next' }).click();
  await shoot('register');

  await api(`POST ${deployment}/image`, {
    container: 'payments',
    image: 'registry.example/shop/payments:1.6.0-missing',
  });
  await open(SERVICE);
  await page.waitForTimeout(CALM_MS);
  await shoot('service');
  await page
    .getByRole('button', { name: /^Roll back to/ })
    .first()
    .click();
  await shoot('plan');
  await open(`/k8s/clusters/${eu}/overview`);
  await shoot('cluster');
  await api(`POST ${deployment}/image`, {
    container: 'payments',
    image: 'registry.example/shop/payments:1.5.0',
  });
  await open('/k8s/changes');
  await shoot('changes');

  await away.pause();
  await open('/k8s/clusters');
  await page.waitForTimeout(AWAY_MS);
  await shoot('clusters');
} finally {
  away.resume();
  await browser.close();
}
