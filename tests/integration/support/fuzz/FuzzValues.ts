/** Makes values for the contract's schemas: most of them right, so that they get past the edge, and some of them not. */
import type { FuzzContract, FuzzSchema } from './FuzzContract.ts';
import { FuzzManifests } from './FuzzManifests.ts';
import { HOSTILE_SEGMENTS, HOSTILE_VALUES } from './hostileValues.ts';
import type { Random } from './Random.ts';

/** Looked for in everything that is answered: it was sent as a credential, or in a body that could not be read. */
export const PLANTED = 'PLANTED-BY-THE-FUZZER';

/** What is there to be found. */
export interface FuzzWorld {
  /** Id of the registered cluster. */
  cluster: string;
  /** Kubeconfig that leads to it. */
  kubeconfig: string;
  /** `host:port` of its API server. */
  address: string;
}

/** Share of requests that are as the contract wants them; of the others each part is wrong so often. */
const RIGHT = 0.5;
const WRONG = 0.2;
const MAX_DEPTH = 6;

/** Values for schemas, parameters and bodies. */
export class FuzzValues {
  readonly #contract: FuzzContract;
  readonly #random: Random;
  readonly #world: FuzzWorld;
  /** Of one kind a request, so that its parts go together. */
  #manifests: FuzzManifests;

  constructor(options: {
    contract: FuzzContract;
    random: Random;
    world: FuzzWorld;
  }) {
    this.#contract = options.contract;
    this.#random = options.random;
    this.#world = options.world;
    this.#manifests = new FuzzManifests(options.random);
  }

  /** Whether the present request is as the contract wants it. */
  isRight = true;

  /** Before each request. */
  begin(): void {
    this.isRight = this.#random.chance(RIGHT);
    this.#manifests = new FuzzManifests(this.#random);
  }

  /** One segment of a path, as it is sent. */
  segment(name: string, schema: FuzzSchema): string {
    if (this.#isWrong()) return this.#random.pick(HOSTILE_SEGMENTS);
    return encodeURIComponent(String(this.#valid(schema, name, 0)));
  }

  /** The text of a query parameter or header. */
  text(name: string, schema: FuzzSchema): string {
    const value = this.#isWrong()
      ? this.#random.pick(HOSTILE_VALUES)
      : this.#valid(schema, name, 0);
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  /** A body; now and then with parts that are changed, left out or added. */
  body(schema: FuzzSchema): unknown {
    const body = this.#valid(schema, 'body', 0);
    const changes = this.isRight ? 0 : this.#random.pick([0, 1, 1, 2, 4]);
    for (let change = 0; change < changes; change++) this.#spoil(body);
    return body;
  }

  #isWrong(): boolean {
    return !this.isRight && this.#random.chance(WRONG);
  }

  #spoil(value: unknown, depth = 0): void {
    const random = this.#random;
    if (typeof value !== 'object' || value === null) return;
    const keys = Object.keys(value);
    const key = random.pick([...keys, 'added']);
    const child: unknown = Reflect.get(value, key);
    const goesOn = typeof child === 'object' && child !== null && depth < 8;
    if (goesOn && random.chance(0.75)) {
      this.#spoil(child, depth + 1);
    } else if (random.chance(0.2) && !Array.isArray(value)) {
      Reflect.deleteProperty(value, key);
    } else {
      const hostile = structuredClone(random.pick(HOSTILE_VALUES));
      Reflect.set(value, Array.isArray(value) ? keys.length : key, hostile);
    }
  }

  #valid(given: FuzzSchema, name: string, depth: number): unknown {
    const random = this.#random;
    const schema = this.#contract.resolve(given);
    if (schema.enum) return random.pick(schema.enum);
    switch (schema.type) {
      case 'boolean':
        return random.chance(0.5);
      case 'integer':
      case 'number':
        return this.#number(schema);
      case 'array': {
        const least = schema.minItems ?? 0;
        const most = Math.min(schema.maxItems ?? 3, least + 3);
        return Array.from({ length: random.between(least, most) }, () =>
          this.#valid(schema.items ?? {}, name, depth + 1),
        );
      }
      case 'object':
        return this.#object(schema, name, depth);
      case 'string':
        return this.#string(schema, name);
      default:
        return this.#anything(depth);
    }
  }

  #number({ minimum = 0, maximum = 1000 }: FuzzSchema): number {
    const random = this.#random;
    return random.pick([
      ...[minimum, minimum + 1, 1, 2, maximum],
      random.between(minimum, Math.min(maximum, minimum + 50)),
    ]);
  }

  #object(schema: FuzzSchema, name: string, depth: number): unknown {
    const random = this.#random;
    if (name === 'manifest') return this.#manifests.manifest();
    if (name === 'spec') return this.#manifests.spec('deployments');
    if (name === 'patch') return this.#manifests.patch();
    const { properties = {}, required = [], additionalProperties } = schema;
    const made: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(properties)) {
      const isWanted = required.includes(key) || random.chance(0.4);
      if (isWanted && depth < MAX_DEPTH) {
        made[key] = this.#valid(part, key, depth + 1);
      }
    }
    if (typeof additionalProperties === 'object') {
      for (let index = random.between(0, 2); index > 0; index--) {
        const key = random.pick(['app', 'team', 'example.org/tier', 'a b']);
        made[key] = this.#valid(additionalProperties, 'label', depth + 1);
      }
    }
    return made;
  }

  /** A name that is likely to exist, or to be allowed. */
  #string({ format, maxLength = 40, minLength = 0 }: FuzzSchema, name: string) {
    const random = this.#random;
    const { cluster, kubeconfig, address } = this.#world;
    const { plural, group } = this.#manifests;
    const known: Record<string, readonly string[]> = {
      id: [...Array<string>(9).fill(cluster), 'n0n0n0'],
      cluster: [cluster, cluster, 'n0n0n0', 'environment=test'],
      namespace: [
        'fuzz',
        'fuzz',
        'fuzz',
        'default',
        'kube-system',
        'absent',
        '_',
      ],
      name: [
        'app',
        'app',
        'app',
        'fuzz',
        'absent',
        'kube-system',
        'system:node',
      ],
      group: [group, group, group, 'apps', 'example.org'],
      plural: [plural],
      version: ['v1', 'v1', 'v1beta1', 'v9'],
      container: ['app', 'other'],
      image: ['example.org/app:2', 'example.org/app@sha256:00', 'a'],
      labelSelector: [
        '',
        'app=app',
        'app in (a,b)',
        '!app',
        'a=b,',
        'in in (in)',
      ],
      fieldSelector: [
        '',
        'metadata.name=app',
        'a!=b',
        'status=Running',
        '=',
        'x',
      ],
      sort: ['name', '-age', 'namespace', 'health', 'no-such'],
      continue: ['AAAA', 'eyJhIjoxfQ', 'bnVsbA', 'MTIz', 'W10', 'MA'],
      involved: ['Deployment/app', 'Pod/a'],
      entity: [
        'component:default/payments',
        'payments',
        ':::',
        'a:b/c/d',
        'API:x/y',
      ],
      owner: ['user:default/owner', 'group:default/platform'],
      server: [
        `https://${address}`,
        'https://127.0.0.1:1',
        'https://10.0.0.1',
        'https://169.254.169.254',
        'http://127.0.0.1',
        'https://[::1]:1',
        'https://',
      ],
      kubeconfig: [
        kubeconfig,
        kubeconfig,
        this.#kubeconfig(),
        '{}',
        'a: &a [*a]',
        `token: ${PLANTED}`,
      ],
      token: [PLANTED, `${PLANTED}.a.b`],
      context: ['absent', 'default'],
      caData: [
        '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
        'QUJD',
      ],
      tlsServerName: ['localhost', 'a b'],
      resourceVersion: ['1', '0', '999999999999', '18446744073709551616'],
      minimumVersion: ['1', '0'],
      uid: ['00000000-0000-0000-0000-000000000000', 'a'],
      search: ['app', '%', '\\', '_', 'a\u00df'],
      actor: ['user:default/admin', "'"],
      action: ['deployment.scale', 'scale', '%'],
      label: ['a', '', 'x'.repeat(63)],
      command: ['sh', '-c', 'true'],
      'Idempotency-Key': [
        `key-${random.between(0, 30)}`,
        `key-${random.between(0, 1e9)}`,
      ],
    };
    if (format === 'date-time') {
      return random.pick([
        '2026-01-01T00:00:00Z',
        '0001-01-01T00:00:00Z',
        '9999-12-31T23:59:60Z',
        '2026-02-30T00:00:00+14:00',
      ]);
    }
    if (Object.hasOwn(known, name)) return random.pick(known[name]);
    return random.text(random.between(minLength, Math.min(maxLength, 40)));
  }

  /** The registered cluster's, with something else in it. */
  #kubeconfig(): string {
    const config = JSON.parse(this.#world.kubeconfig);
    this.#spoil(config);
    return JSON.stringify(config);
  }

  #anything(depth: number): unknown {
    const random = this.#random;
    if (depth > 3 || random.chance(0.7)) {
      return structuredClone(random.pick(HOSTILE_VALUES));
    }
    return { [random.text(3)]: this.#anything(depth + 1) };
  }
}
