import type {
  AuditorService,
  AuthService,
  LoggerService,
  PermissionsService,
  RootConfigService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { catalogServiceRef } from '@backstage/plugin-catalog-node';
import type { EventsService } from '@backstage/plugin-events-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import type { K8sConfig } from '../config/readK8sConfig';

/** What of Backstage the plugin works with. */
export interface PluginServices {
  auditor: AuditorService;
  auth: AuthService;
  catalog: typeof catalogServiceRef.T;
  config: RootConfigService;
  database: Knex;
  events: EventsService;
  logger: LoggerService;
  notifications: NotificationService;
  permissions: PermissionsService;
  userInfo: UserInfoService;
  settings: K8sConfig;
  /** Milliseconds since 1970. */
  now: () => number;
}
