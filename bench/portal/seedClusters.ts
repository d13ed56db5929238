/**
 * Puts more clusters into the database of the measured portal, besides those that were registered. The portal refuses one cluster
 * twice, by the UID of its kube-system namespace, and it is right: but here a hundred clusters are one API server behind a hundred
 * proxies. So their rows are written as registering would have written them, each with a UID of its own, its credential sealed by
 * the portal's own cipher for its own address. Nothing in the portal is changed or asked to look away.
 *
 * Runs as a process of its own, which knows the plugin's source: node --require <nodeTransform> seedClusters.ts <file>
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { knex } from 'knex';
import { CredentialCipher } from '../../plugins/k8s-backend/src/clusters/CredentialCipher';
import { DatabaseClusterStore } from '../../plugins/k8s-backend/src/clusters/DatabaseClusterStore';

interface Seed {
  /** URL of the PostgreSQL database, in which the plugin has a schema of its own. */
  database: string;
  /** As it is configured. */
  encryptionKey: { id: string; secret: string };
  clusters: {
    name: string;
    server: string;
    certificateAuthority: string;
    token: string;
    impersonates?: boolean;
  }[];
}

async function main() {
  const seed: Seed = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const database = knex({
    client: 'pg',
    connection: seed.database,
    searchPath: ['k8s'],
  });
  const { id: keyId, secret } = seed.encryptionKey;
  const cipher = new CredentialCipher([
    { id: keyId, key: Buffer.from(secret, 'base64') },
  ]);
  const store = new DatabaseClusterStore(database);
  for (const access of seed.clusters) {
    const { name, server, certificateAuthority, token } = access;
    const cluster = {
      id: randomUUID().replaceAll('-', ''),
      ...{ name, slug: name, labels: {}, protected: false },
      impersonates: access.impersonates ?? false,
      endpoint: { server, caData: certificateAuthority, skipTlsVerify: false },
      ...{ credentialType: 'token' as const, credentialUser: 'ours' },
      uid: randomUUID(),
      ...{ generation: 1, revision: 1, createdAt: '', updatedAt: '' },
    };
    const sealed = cipher.seal({ type: 'token', token }, cluster);
    await store.insert({ cluster, sealed }, {});
  }
  await database.destroy();
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
