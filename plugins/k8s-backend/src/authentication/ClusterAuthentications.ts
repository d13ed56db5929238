import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, isError } from '@backstage/errors';
import { assertStrategy } from '@backstage-k8s/plugin-k8s-node';
import type {
  ClusterAuthenticationStrategy,
  ClusterCredential,
} from '@backstage-k8s/plugin-k8s-node';
import type { StoredAuthentication } from '../clusters/ClusterStore';
import { clusterFailureOf, plainMessage } from '../errors/clusterErrors';
import { clientCertificateStrategy } from './clientCertificateStrategy';
import { readCredential } from './readCredential';
import { readFields } from './readFields';
import { credentialError, RememberedCredential } from './RememberedCredential';
import { tokenStrategy } from './tokenStrategy';

const BUILT_IN = [tokenStrategy, clientCertificateStrategy];
/** Errors whose message is meant to be shown. */
const TOLD = new Set([
  'AuthenticationError',
  'ConflictError',
  'ForwardedError',
  'InputError',
  'NotAllowedError',
  'NotFoundError',
  'ResponseError',
  'ServiceUnavailableError',
]);

/** The cluster that somebody signs in to. */
export interface SignInTarget {
  /** Absent while it is tried before it is registered. */
  id?: string;
  endpoint: { server: string };
}

/** The ways to sign in to clusters: ours, and those of modules. */
export class ClusterAuthentications {
  readonly #strategies = new Map<string, ClusterAuthenticationStrategy>();
  readonly #logger: Pick<LoggerService, 'warn'>;
  readonly #now: () => number;

  /** @throws Error when two strategies have one id, or one is not valid */
  constructor(options: {
    /** Besides ours. */
    strategies: readonly ClusterAuthenticationStrategy[];
    logger: Pick<LoggerService, 'warn'>;
    /** Milliseconds since 1970. */
    now: () => number;
  }) {
    this.#logger = options.logger;
    this.#now = options.now;
    for (const strategy of [...BUILT_IN, ...options.strategies]) {
      assertStrategy(strategy);
      if (this.#strategies.has(strategy.id)) {
        throw new Error(
          `Two cluster authentication strategies have the id '${strategy.id}'`,
        );
      }
      this.#strategies.set(strategy.id, strategy);
    }
  }

  /** In the order in which they were added, ours first. */
  list(): ClusterAuthenticationStrategy[] {
    return [...this.#strategies.values()];
  }

  /** What the strategy of an id is called; undefined: none of that id is installed. */
  titleOf(id: string): ClusterAuthenticationStrategy['title'] | undefined {
    return this.#strategies.get(id)?.title;
  }

  /**
   * What to store of what was given.
   *
   * @param options - `label`: what a field is called where it was given
   * @throws InputError that names the field, without its value
   */
  read(
    id: string,
    given: Readonly<Record<string, string>>,
    options: { label: (field: string) => string },
  ): StoredAuthentication {
    const strategy = this.#strategies.get(id);
    if (!strategy) {
      const known = [...this.#strategies.keys()].join(', ');
      throw new InputError(
        `authentication.strategy is not known here; known are ${known}`,
      );
    }
    return { ...readFields(strategy, given, options), type: id };
  }

  /**
   * Where the credential for a cluster comes from.
   *
   * @throws ServiceUnavailableError (cause `credential`) when no strategy of that id is installed any more
   */
  source(
    stored: StoredAuthentication,
    target: SignInTarget,
  ): RememberedCredential {
    const { type, ...fields } = stored;
    const strategy = this.#strategies.get(type);
    if (!strategy) {
      throw credentialError(
        `The cluster signs in by '${plainMessage(
          type,
        )}', which no installed module offers; install the module again, or register another credential`,
      );
    }
    const cluster = { id: target.id, server: target.endpoint.server };
    return new RememberedCredential({
      now: this.#now,
      ask: async signal => {
        try {
          const made = await strategy.credential({ fields, cluster, signal });
          return asUsable(made);
        } catch (error) {
          signal.throwIfAborted();
          const message = messageOf(error, strategy, fields);
          this.#logger.warn('A credential for a cluster cannot be had', {
            ...(target.id !== undefined && { cluster: target.id }),
            strategy: type,
            error: message,
          });
          throw credentialError(message);
        }
      },
    });
  }
}

function asUsable(made: ClusterCredential): ClusterCredential {
  try {
    return readCredential(made);
  } catch (error) {
    throw credentialError(
      `What was made to sign in with cannot be used: ${
        isError(error) ? error.message : 'it cannot be read'
      }`,
    );
  }
}

/** Why there is no credential, without what the secret fields hold, whatever a strategy puts into its messages. */
function messageOf(
  error: unknown,
  { title, fields: known }: ClusterAuthenticationStrategy,
  fields: Readonly<Record<string, string>>,
): string {
  const prefix = `The portal cannot sign in to the cluster (${title.en})`;
  const isTold =
    isError(error) &&
    (TOLD.has(error.name) || clusterFailureOf(error) !== undefined);
  if (!isTold) return prefix;
  const secrets = known
    .filter(({ name, secret }) => secret && fields[name])
    .map(({ name }) => fields[name]);
  const clean = secrets.reduce(
    (text, secret) => text.replaceAll(secret, '[secret]'),
    error.message,
  );
  return `${prefix}: ${plainMessage(clean)}`;
}
