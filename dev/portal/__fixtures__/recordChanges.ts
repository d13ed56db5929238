import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A cluster that is registered with the portal. */
export interface KnownCluster {
  id: string;
  name: string;
  server: string;
  caData?: string;
}

/**
 * Does the work with a portal that knows these clusters, and answers every change with success.
 *
 * @returns the changes that it was asked for: method, path and, where one is sent, the name
 */
export async function recordChanges(
  known: KnownCluster[],
  work: (url: string) => Promise<unknown>,
): Promise<string[]> {
  const changes: string[] = [];
  const portal = createServer((request, response) => {
    const { method = '', url = '' } = request;
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      response.setHeader('Content-Type', 'application/json');
      if (url.startsWith('/api/auth')) {
        response.end('{"backstageIdentity":{"token":"a token"}}');
        return;
      }
      if (method !== 'GET') {
        const name = body && JSON.parse(body).name;
        changes.push([method, url, name].filter(Boolean).join(' '));
      }
      const id = url.split('/')[4];
      const answer = id
        ? known.find(one => one.id === id) ?? {}
        : {
            clusters: known.map(({ name, id: ofOne }) => ({ name, id: ofOne })),
          };
      response.end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(portal, 'listening');
  const { port } = portal.address() as AddressInfo;
  try {
    await work(`http://127.0.0.1:${port}`);
  } finally {
    portal.close();
  }
  return changes;
}
