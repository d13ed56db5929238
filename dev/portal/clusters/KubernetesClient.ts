import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { ClusterAccess } from './kubeconfig.ts';

/** A Kubernetes object; only what is used here is named. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    annotations?: Record<string, string>;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** An answer of an API server that is an error. */
export class KubernetesError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The suite's own, so that what is set up here can be changed from the portal without a conflict of owners. */
const FIELD_MANAGER = 'backstage-k8s';
const TIMEOUT_MS = 20_000;

/** How an API server is reached. */
export type ApiServerAccess = Pick<
  ClusterAccess,
  'server' | 'certificateAuthority' | 'token'
>;

/** Calls the API server of a development cluster, without kubectl. */
export class KubernetesClient {
  readonly #access: ApiServerAccess;
  readonly #resources = new Map<string, Promise<ApiResource[]>>();

  constructor(access: ApiServerAccess) {
    this.#access = access;
  }

  /** One call. @throws KubernetesError for any status that is no success */
  call<T = KubernetesObject>(
    method: string,
    path: string,
    options: { body?: unknown; contentType?: string } = {},
  ): Promise<T> {
    const { server, certificateAuthority, token } = this.#access;
    return new Promise((resolve, reject) => {
      const call = request(
        `${server}${path}`,
        {
          method,
          ca: certificateAuthority,
          timeout: TIMEOUT_MS,
          headers: {
            Authorization: `Bearer ${token}`,
            'Content-Type': options.contentType ?? 'application/json',
          },
        },
        answer => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', chunk => {
            text += chunk;
          });
          answer.once('error', reject);
          answer.once('end', () => {
            const status = answer.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(parse(text) as T);
            else reject(new KubernetesError(status, messageOf(text)));
          });
        },
      );
      call.once('timeout', () => call.destroy(new Error('timed out')));
      call.once('error', reject);
      call.end(
        options.body === undefined ? undefined : JSON.stringify(options.body),
      );
    });
  }

  /** Makes an object be as given, by server-side apply. */
  async apply(object: KubernetesObject, subresource = ''): Promise<void> {
    const path = await this.pathOf(object);
    await this.call(
      'PATCH',
      `${path}${subresource}?fieldManager=${FIELD_MANAGER}&force=true`,
      { body: object, contentType: 'application/apply-patch+yaml' },
    );
  }

  /** Applies the documents of a YAML file, in their order. */
  async applyFile(file: string): Promise<void> {
    for (const object of await readManifests(file)) await this.apply(object);
  }

  /** Where an object is; what its kind is called there, the API server says. */
  async pathOf(object: KubernetesObject): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    const base = apiVersion.includes('/')
      ? `/apis/${apiVersion}`
      : `/api/${apiVersion}`;
    const known =
      this.#resources.get(base) ??
      this.call<{ resources: ApiResource[] }>('GET', base).then(
        ({ resources }) => resources,
      );
    this.#resources.set(base, known);
    const resource = (await known).find(
      candidate => candidate.kind === kind && !candidate.name.includes('/'),
    );
    if (!resource) throw new Error(`${kind} is unknown to ${base}`);
    const namespace = resource.namespaced
      ? `/namespaces/${metadata.namespace ?? 'default'}`
      : '';
    return `${base}${namespace}/${resource.name}/${metadata.name}`;
  }
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** The objects of a YAML file. */
export async function readManifests(file: string): Promise<KubernetesObject[]> {
  // Loaded here because packages are installed only after the script has started.
  const { parseAllDocuments } = await import('yaml');
  return parseAllDocuments(readFileSync(file, 'utf8')).map(
    document => document.toJS() as KubernetesObject,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function messageOf(text: string): string {
  const parsed = parse(text) as { message?: string } | string;
  return (typeof parsed === 'object' && parsed?.message) || text;
}
