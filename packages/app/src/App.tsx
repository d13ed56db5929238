import demoSignInModule from '@backstage-k8s/demo-sign-in-app';
import k8sPlugin from '@backstage-k8s/plugin-k8s';
import k8sScaffolderModule from '@backstage-k8s/plugin-scaffolder-module-k8s';
import { createApp } from '@backstage/frontend-defaults';
import apiDocsPlugin from '@backstage/plugin-api-docs/alpha';
import appModuleUserSettings from '@backstage/plugin-app-module-user-settings';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import catalogGraphPlugin from '@backstage/plugin-catalog-graph/alpha';
import notificationsPlugin from '@backstage/plugin-notifications/alpha';
import orgPlugin from '@backstage/plugin-org/alpha';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import searchPlugin from '@backstage/plugin-search/alpha';
import signalsPlugin from '@backstage/plugin-signals/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import { sidebarModule } from './sidebar/sidebarModule';

export default createApp({
  features: [
    apiDocsPlugin,
    appModuleUserSettings,
    catalogGraphPlugin,
    catalogPlugin,
    demoSignInModule,
    k8sPlugin,
    k8sScaffolderModule,
    notificationsPlugin,
    orgPlugin,
    scaffolderPlugin,
    searchPlugin,
    sidebarModule,
    signalsPlugin,
    userSettingsPlugin,
  ],
});
