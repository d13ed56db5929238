import type { ClusterRecord } from './DatabaseClusterStore';

/** A row of the table of clusters; PostgreSQL gives big integers as text. */
export interface ClusterRow {
  id: string;
  name: string;
  name_key: string;
  slug: string;
  uid: string;
  server: string;
  ca_data: string | null;
  tls_server_name: string | null;
  skip_tls_verify: boolean | number;
  labels: string;
  owner: string | null;
  protected: boolean | number;
  impersonates: boolean | number;
  credential_type: string;
  credential_user: string | null;
  credential_expires_at: string | number | null;
  seal_version: number;
  key_id: string;
  wrapped_key: string;
  sealed_credential: string;
  generation: number;
  revision: number;
  request_marker: string | null;
  created_at: string | number;
  updated_at: string | number;
}

function toTime(milliseconds: string | number): string {
  return new Date(Number(milliseconds)).toISOString();
}

/** A row as a cluster with its sealed credential. */
export function recordOf(row: ClusterRow): ClusterRecord {
  return {
    cluster: {
      id: row.id,
      name: row.name,
      slug: row.slug,
      labels: JSON.parse(row.labels) as Record<string, string>,
      owner: row.owner ?? undefined,
      protected: Boolean(row.protected),
      impersonates: Boolean(row.impersonates),
      endpoint: {
        server: row.server,
        caData: row.ca_data ?? undefined,
        tlsServerName: row.tls_server_name ?? undefined,
        skipTlsVerify: Boolean(row.skip_tls_verify),
      },
      credentialType: row.credential_type,
      credentialUser: row.credential_user ?? undefined,
      credentialExpiresAt:
        row.credential_expires_at === null
          ? undefined
          : toTime(row.credential_expires_at),
      uid: row.uid,
      generation: row.generation,
      revision: row.revision,
      createdAt: toTime(row.created_at),
      updatedAt: toTime(row.updated_at),
    },
    sealed: {
      version: row.seal_version,
      keyId: row.key_id,
      wrappedKey: row.wrapped_key,
      ciphertext: row.sealed_credential,
    },
  };
}

/** A record as columns, without those that only the first write sets and the times, which the database knows. */
export function columnsOf({
  cluster,
  sealed,
}: ClusterRecord): Omit<
  ClusterRow,
  'request_marker' | 'created_at' | 'updated_at'
> {
  const { endpoint, credentialExpiresAt } = cluster;
  return {
    id: cluster.id,
    name: cluster.name,
    name_key: cluster.name.toLowerCase(),
    slug: cluster.slug,
    uid: cluster.uid,
    server: endpoint.server,
    ca_data: endpoint.caData ?? null,
    tls_server_name: endpoint.tlsServerName ?? null,
    skip_tls_verify: endpoint.skipTlsVerify,
    labels: JSON.stringify(cluster.labels),
    owner: cluster.owner ?? null,
    protected: cluster.protected,
    impersonates: cluster.impersonates,
    credential_type: cluster.credentialType,
    credential_user: cluster.credentialUser ?? null,
    credential_expires_at:
      credentialExpiresAt === undefined
        ? null
        : Date.parse(credentialExpiresAt),
    seal_version: sealed.version,
    key_id: sealed.keyId,
    wrapped_key: sealed.wrappedKey,
    sealed_credential: sealed.ciphertext,
    generation: cluster.generation,
    revision: cluster.revision,
  };
}
