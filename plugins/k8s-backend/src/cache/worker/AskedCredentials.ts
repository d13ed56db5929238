import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import type {
  CredentialSource,
  CredentialWait,
} from '../../authentication/CredentialSource';
import { credentialError } from '../../authentication/RememberedCredential';
import { untilAborted } from '../../connection/untilAborted';
import { fromPlainError } from './plainError';
import type { CredentialQuestion, FromWorker, ToWorker } from './protocol';

type Answer = Extract<ToWorker, { type: 'credential' | 'credentialFailure' }>;

/** A worker's credentials: each is asked for in the main thread, which remembers it and has it renewed. */
export class AskedCredentials {
  readonly #post: (message: FromWorker) => void;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  constructor(options: { post: (message: FromWorker) => void }) {
    this.#post = options.post;
  }

  /** Takes an answer of the main thread. */
  take(answer: Answer) {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  /** The credential of one generation of a cluster. */
  of(subject: { cluster: string; generation: number }): CredentialSource {
    return {
      current: async wait => {
        const credential = await this.#ask(subject, wait);
        if (credential) return credential;
        throw credentialError('There is no credential for the cluster');
      },
      instead: (refused, wait) => this.#ask({ ...subject, refused }, wait),
    };
  }

  #ask(
    question: CredentialQuestion,
    { signal }: CredentialWait = {},
  ): Promise<ClusterCredential | undefined> {
    this.#lastId += 1;
    const id = this.#lastId;
    const asked = new Promise<ClusterCredential | undefined>(
      (resolve, reject) => {
        this.#waiting.set(id, answer => {
          if (answer.type === 'credential') resolve(answer.credential);
          // What is known of an error besides its words does not come through.
          else reject(credentialError(fromPlainError(answer.error).message));
        });
        this.#post({ type: 'credential', id, ...question });
      },
    );
    return signal ? untilAborted(asked, signal) : asked;
  }
}
