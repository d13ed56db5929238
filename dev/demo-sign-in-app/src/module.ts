import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';

const demoSignInPage = SignInPageBlueprint.make({
  params: {
    loader: () =>
      import('./DemoSignInPage').then(({ DemoSignInPage }) => DemoSignInPage),
  },
});

/** The sign-in page of the development portal. @public */
export const demoSignInModule = createFrontendModule({
  pluginId: 'app',
  extensions: [demoSignInPage],
});
