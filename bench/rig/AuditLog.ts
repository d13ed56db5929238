import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer, Caller } from './ApiServer.ts';

/** What callers asked an API server for. */
export interface Requests {
  /** Lists begun: further pages do not count. */
  lists: number;
  /** Lists begun, by path of the kind. */
  listsByKind: Record<string, number>;
  /** Access reviews. */
  reviews: number;
  /** Everything else but watches: objects by name, versions, health. */
  others: number;
}

interface AuditEntry {
  stage: string;
  verb: string;
  requestURI: string;
  user: { username: string };
}

/** The API server writes an entry when it has answered. */
const SETTLE_MS = 300;

/** Counts requests by what an API server itself has written down. */
export class AuditLog {
  readonly #server: ApiServer;
  #from = 0;

  constructor(server: ApiServer) {
    this.#server = server;
  }

  /** Counts from now on. */
  async restart(): Promise<void> {
    await sleep(SETTLE_MS);
    this.#from = this.#text().length;
  }

  /** Counts from the restart of the API server on, which begins a new log. */
  restarted(): void {
    this.#from = 0;
  }

  /** The requests of one caller since then. */
  async count(caller: Caller): Promise<Requests> {
    await sleep(SETTLE_MS);
    const counted: Requests = {
      ...{ lists: 0, listsByKind: {}, reviews: 0, others: 0 },
    };
    for (const line of this.#text()
      .subarray(this.#from)
      .toString()
      .split('\n')) {
      if (line === '') continue;
      const { stage, verb, requestURI, user }: AuditEntry = JSON.parse(line);
      if (user.username !== caller) continue;
      add(counted, { stage, verb, requestURI });
    }
    return counted;
  }

  #text(): Buffer {
    const file = this.#server.auditLog;
    return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  }
}

/** Lists that look whether the cluster answers and how its nodes are; those of the cache have no time limit of the server's. */
function isProbe(query: URLSearchParams): boolean {
  return (
    query.get('limit') === '1' ||
    query.get('includeObject') === 'None' ||
    query.has('timeoutSeconds')
  );
}

function add(
  counted: Requests,
  { stage, verb, requestURI }: Omit<AuditEntry, 'user'>,
) {
  const { pathname, searchParams } = new URL(requestURI, 'https://server');
  // Opened again whenever their time is over, or to ask whether another one should have spoken.
  if (verb === 'watch') return;
  if (stage !== 'ResponseComplete') return;
  if (verb === 'create' && pathname.includes('accessreviews')) {
    counted.reviews += 1;
  } else if (verb === 'list' && !isProbe(searchParams)) {
    if (searchParams.has('continue')) return;
    counted.lists += 1;
    counted.listsByKind[pathname] = (counted.listsByKind[pathname] ?? 0) + 1;
  } else {
    counted.others += 1;
  }
}
