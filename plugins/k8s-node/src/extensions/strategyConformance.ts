/**
 * What the suite relies on in every strategy, as cases for the tests of whoever writes one. They belong to no test framework:
 *
 *   for (const { name, run } of strategyConformance(…)) it(name, run);
 */
import { isError } from '@backstage/errors';
import { assertStrategy } from './assertStrategy';
import type {
  ClusterAuthenticationStrategy,
  ClusterCredential,
} from './ClusterAuthentication';

/** Milliseconds in which a strategy that is told to give up has done so. */
const GIVES_UP_WITHIN_MS = 5_000;
const PLANTED = 'planted-in-a-field';
const SERVER = 'https://cluster.example';
/** Errors of `@backstage/errors` whose message is shown; of all others only that there was one. */
const SHOWN =
  /^(Authentication|Conflict|Forwarded|Input|NotAllowed|NotFound|Response|ServiceUnavailable)Error$/;

/** A case; it fails by an Error that says what is wrong. @public */
export interface ConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

/** A strategy under test. @public */
export interface StrategyConformanceOptions {
  /** Makes a new one for each case. */
  strategy(): ClusterAuthenticationStrategy;
  /** What is given for its fields, with which it makes a credential. */
  fields(): Readonly<Record<string, string>>;
  /** Has whom it asks refuse from now on; absent: it asks nobody. */
  refuse?(): void;
  /** Has whom it asks say nothing from now on; absent: it asks nobody. */
  silence?(): void;
}

type Fields = Readonly<Record<string, string>>;

function check(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new Error(problem);
}

const label = (field: string) => `fields.${field}`;

/** What is stored of what is given, neither of which may be written to. */
function stored(strategy: ClusterAuthenticationStrategy, given: Fields) {
  const frozen = Object.freeze({ ...given });
  return Object.freeze(strategy.read?.(frozen, { label }) ?? frozen);
}

function ask(
  strategy: ClusterAuthenticationStrategy,
  fields: Fields,
  options: { id?: string; signal?: AbortSignal } = {},
): Promise<ClusterCredential> {
  const { id, signal = new AbortController().signal } = options;
  const cluster = Object.freeze({ ...(id && { id }), server: SERVER });
  return strategy.credential({ fields, cluster, signal });
}

function checkCredential(made: ClusterCredential) {
  const parts: unknown[] =
    'token' in made ? [made.token] : [made.clientCertificate, made.clientKey];
  check(
    parts.every(part => typeof part === 'string' && part !== ''),
    'the credential has neither a token nor a certificate with its key',
  );
  const { expiresAt } = made;
  check(
    expiresAt === undefined || !Number.isNaN(Date.parse(expiresAt)),
    '`expiresAt` is no time',
  );
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const failure = await work.then(
    () => undefined,
    error => error,
  );
  check(isError(failure), 'it does not fail, or with no Error');
  return failure;
}

function secretsOf({ fields }: ClusterAuthenticationStrategy, given: Fields) {
  return fields
    .filter(({ name, secret }) => secret && given[name])
    .map(({ name }) => given[name]);
}

/** What is wrong with something in a field says so of the field, and shows nothing of what was given. */
function checkRefusal(
  strategy: ClusterAuthenticationStrategy,
  given: Fields,
  field: string,
) {
  try {
    // What is not refused here may be valid.
    strategy.read?.({ ...given, [field]: `${PLANTED}\u0007` }, { label });
  } catch (error) {
    check(
      isError(error) && error.name === 'InputError',
      `what is wrong with ${field} is not an InputError`,
    );
    check(
      error.message.includes(label(field)),
      `the message does not call the field ${field} by its label`,
    );
    check(
      !error.message.includes(PLANTED),
      `the message shows what was given for ${field}`,
    );
  }
}

/**
 * The cases that every strategy passes.
 *
 * @public
 */
export function strategyConformance(
  options: StrategyConformanceOptions,
): ConformanceCase[] {
  const { refuse, silence } = options;
  const cases: ConformanceCase[] = [
    {
      name: 'can be stored and shown',
      run: async () => assertStrategy(options.strategy()),
    },
    {
      name: 'is the same each time that the portal starts',
      run: async () => {
        const [one, other] = [options.strategy(), options.strategy()].map(
          ({ id, fields }) => [id, ...fields.map(({ name }) => name)].join(),
        );
        check(one === other, `it was ${one}, then ${other}`);
      },
    },
    {
      name: 'stores texts of its own fields, at once',
      run: async () => {
        const strategy = options.strategy();
        const names = strategy.fields.map(({ name }) => name);
        for (const [name, value] of Object.entries(
          stored(strategy, options.fields()),
        )) {
          check(typeof value === 'string', `${name} is no text`);
          check(names.includes(name), `it has no field ${name}`);
        }
      },
    },
    {
      name: 'says which field is wrong, and shows nothing of it',
      run: async () => {
        const strategy = options.strategy();
        for (const { name } of strategy.fields) {
          checkRefusal(strategy, options.fields(), name);
        }
      },
    },
    {
      name: 'makes a credential, before and after the cluster is registered',
      run: async () => {
        const strategy = options.strategy();
        const fields = stored(strategy, options.fields());
        checkCredential(await ask(strategy, fields));
        checkCredential(await ask(strategy, fields, { id: 'one' }));
      },
    },
    {
      name: 'makes one for several clusters at a time',
      run: async () => {
        const strategy = options.strategy();
        const fields = stored(strategy, options.fields());
        const asked = ['one', 'two'].map(id => ask(strategy, fields, { id }));
        (await Promise.all(asked)).forEach(checkCredential);
      },
    },
  ];
  if (refuse) {
    cases.push({
      name: 'says why there is none, without its secrets',
      run: async () => {
        const strategy = options.strategy();
        const fields = stored(strategy, options.fields());
        refuse();
        const { name, message } = await failureOf(ask(strategy, fields));
        check(SHOWN.test(name), `nobody is shown why: it is a ${name}`);
        for (const secret of secretsOf(strategy, fields)) {
          check(!message.includes(secret), 'the message shows a secret');
        }
      },
    });
  }
  if (silence) {
    cases.push({
      name: 'gives up when it is told to',
      run: async () => {
        const strategy = options.strategy();
        silence();
        const end = new AbortController();
        const asked = ask(strategy, stored(strategy, options.fields()), {
          signal: end.signal,
        });
        let timer: ReturnType<typeof setTimeout> | undefined;
        const late = new Promise<never>((_, reject) => {
          timer = setTimeout(
            () => reject(new Error('it goes on asking')),
            GIVES_UP_WITHIN_MS,
          );
        });
        setImmediate(() => end.abort());
        try {
          await Promise.race([failureOf(asked), late]);
        } finally {
          clearTimeout(timer);
        }
      },
    });
  }
  return cases;
}
