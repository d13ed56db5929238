import { defineConfig } from '@playwright/test';

/** The pages in a real browser, against real clusters; run by `./portal test e2e`, which says where the browser is. */
export default defineConfig({
  testDir: './tests/e2e',
  testMatch: '**/*.test.ts',
  outputDir: './.portal/test-results/playwright',
  // Two cores serve the portal, two clusters and the browser.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  // A test that passes only when repeated counts as failed; a second try would only hide it.
  retries: 0,
  globalSetup: './tests/e2e/support/globalSetup.ts',
  use: {
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.PORTAL_CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
