/** A portal of one test's own: the real back end, on a free port, with the demo users. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { demoToken } from '../../../dev/portal/demoToken.ts';
import type { DemoUser } from '../../../dev/portal/demoToken.ts';
import { freePort } from '../../../dev/portal/freePort.ts';
import { startBackEnd } from '../../../dev/portal/startBackEnd.ts';
import type { BackEnd } from '../../../dev/portal/startBackEnd.ts';

/** How a test's portal differs from the development portal. */
export interface TestPortalOptions {
  /** Of a PostgreSQL database; absent: SQLite files of its own. */
  postgres?: string;
  /** Laid over app-config.yaml. */
  config?: Record<string, unknown>;
  env?: Record<string, string | undefined>;
  /** Two portals on one database need the same; absent: a new one. */
  encryptionKey?: string;
}

/** What an API call gave. */
export interface Answer {
  status: number;
  headers: Headers;
  // The tests look at shapes that TypeScript knows nothing of.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

/** One call of the REST API. */
export interface Call {
  as?: DemoUser;
  /** Instead of a demo user's. */
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export class TestPortal {
  readonly #tokens = new Map<DemoUser, Promise<string>>();

  readonly backEnd: BackEnd;
  /** Holds its database files and its log, `back-end.log`. */
  readonly folder: string;

  private constructor(backEnd: BackEnd, folder: string) {
    this.backEnd = backEnd;
    this.folder = folder;
  }

  static async start(options: TestPortalOptions = {}): Promise<TestPortal> {
    const folder = mkdtempSync(join(tmpdir(), 'portal-test-'));
    const database = join(folder, 'app-config.database.yaml');
    const overlay = join(folder, 'app-config.overlay.yaml');
    // JSON is YAML.
    const write = (file: string, config: unknown) =>
      writeFileSync(file, JSON.stringify(config));
    write(
      database,
      options.postgres
        ? {
            backend: {
              database: {
                client: 'pg',
                pluginDivisionMode: 'schema',
                connection: options.postgres,
              },
            },
          }
        : {},
    );
    write(overlay, options.config ?? {});
    const backEnd = await startBackEnd({
      port: await freePort(),
      data: join(folder, 'data'),
      log: join(folder, 'back-end.log'),
      configs: [
        ...['app-config.yaml', 'app-config.demo.yaml'],
        ...[database, overlay],
      ],
      env: {
        K8S_ENCRYPTION_KEY:
          options.encryptionKey ?? randomBytes(32).toString('base64'),
        ...options.env,
      },
    });
    return new TestPortal(backEnd, folder);
  }

  get url(): string {
    return this.backEnd.url;
  }

  get log(): string {
    return join(this.folder, 'back-end.log');
  }

  token(user: DemoUser): Promise<string> {
    const known = this.#tokens.get(user) ?? demoToken(this.url, user);
    this.#tokens.set(user, known);
    return known;
  }

  /** @param route - method and path below `/api/k8s`, e.g. `GET /clusters` */
  async call(route: string, call: Call = {}): Promise<Answer> {
    const [method, path] = route.split(' ');
    const token = call.token ?? (call.as && (await this.token(call.as)));
    const answer = await fetch(`${this.url}/api/k8s${path}`, {
      method,
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(call.body !== undefined && { 'Content-Type': 'application/json' }),
        ...call.headers,
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    });
    const text = await answer.text();
    let body: unknown = text;
    try {
      body = JSON.parse(text);
    } catch {
      // Left as text.
    }
    return { status: answer.status, headers: answer.headers, body };
  }

  async stop(): Promise<void> {
    await this.backEnd.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
