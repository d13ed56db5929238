import type { K8sRole } from '@backstage-k8s/plugin-k8s-common';

/** A user of the demo catalog, as the sign-in page shows them. */
export interface DemoUser {
  /** Of the entity `user:default/<name>`. */
  name: string;
  displayName: string;
  role: K8sRole;
  /** What the role may do, for people. */
  may: string;
}

/** The users that the back end signs in without a password. */
export const DEMO_USERS: readonly DemoUser[] = [
  {
    name: 'viewer',
    displayName: 'Vera Viewer',
    role: 'K8sViewer',
    may: 'Sees every cluster and what runs on it. Changes nothing.',
  },
  {
    name: 'operator',
    displayName: 'Otto Operator',
    role: 'K8sOperator',
    may: 'Also creates, changes and deletes workloads, services, storage, configuration and namespaces.',
  },
  {
    name: 'admin',
    displayName: 'Ada Admin',
    role: 'K8sAdmin',
    may: 'Does everything in every cluster, policies and access included. Registers and removes clusters.',
  },
  {
    name: 'owner',
    displayName: 'Olga Owner',
    role: 'K8sClusterOwner',
    may: 'Is the administrator of one cluster, dev-eu. Sees no other and registers none.',
  },
];
