import { render, screen } from '@testing-library/react';
import App from './App';

it('starts at the sign-in page', async () => {
  process.env = {
    ...process.env,
    // Where the app takes its configuration from when it is not served by a back end.
    APP_CONFIG: [
      {
        context: 'test',
        data: {
          app: { title: 'Trial portal', baseUrl: 'http://localhost' },
          backend: { baseUrl: 'http://localhost' },
          auth: { providers: { 'k8s-demo': { enabled: true } } },
        },
      },
    ] as unknown as string,
  };
  render(App.createRoot());
  expect(
    await screen.findByRole(
      'list',
      { name: 'Demo users' },
      { timeout: 10_000 },
    ),
  ).toBeInTheDocument();
}, 30_000);
