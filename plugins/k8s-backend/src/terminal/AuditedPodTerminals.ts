import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { AuditIntent, AuditLog } from '../audit/AuditLog';
import type {
  PodTerminals,
  Terminal,
  TerminalOptions,
  TerminalPlace,
  TerminalRequest,
} from './PodTerminals';
import { TypedRecord } from './TypedRecord';

/**
 * Puts every terminal into the audit: one entry that is written before it opens and completed when it ends, and what is typed in
 * others, which begin with the same id. When what is typed cannot be kept, the terminal ends.
 */
export class AuditedPodTerminals implements PodTerminals {
  readonly #terminals: PodTerminals;
  readonly #audit: AuditLog;
  readonly #clusters: VisibleClusters;
  readonly #flushMs: number | undefined;

  constructor(options: {
    terminals: PodTerminals;
    audit: AuditLog;
    clusters: VisibleClusters;
    flushMs?: number;
  }) {
    this.#terminals = options.terminals;
    this.#audit = options.audit;
    this.#clusters = options.clusters;
    this.#flushMs = options.flushMs;
  }

  prepare(
    request: TerminalRequest,
    options: { context: RequestContext },
  ): Promise<TerminalPlace> {
    return this.#terminals.prepare(request, options);
  }

  async open(
    place: TerminalPlace,
    options: TerminalOptions,
  ): Promise<Terminal> {
    const { context, id } = options;
    const { cluster, namespace, pod, container, command } = place;
    // Only for people who read the audit later: a cluster that cannot be looked up is refused by the layer below.
    const known = await this.#clusters.get(cluster, context).catch(() => {});
    const about: Omit<AuditIntent, 'action'> = {
      cluster: { id: cluster, name: known?.name },
      resource: { group: '', plural: 'pods', namespace, name: pod },
    };
    const details = { terminal: id, container, command };
    return new Promise((resolve, reject) => {
      this.#audit
        .change({ ...about, action: 'terminal.open', details }, context, () =>
          this.#run(place, {
            options,
            onOpen: resolve,
            keep: typed =>
              this.#audit.record(
                {
                  ...about,
                  action: 'terminal.input',
                  details: { terminal: id, container, ...typed },
                },
                context,
              ),
          }),
        )
        .catch(reject);
    });
  }

  /** Resolves when the terminal has ended and everything that was typed is kept. */
  async #run(
    place: TerminalPlace,
    run: {
      options: TerminalOptions;
      onOpen: (terminal: Terminal) => void;
      keep: ConstructorParameters<typeof TypedRecord>[0]['keep'];
    },
  ): Promise<void> {
    const terminal = await this.#terminals.open(place, run.options);
    const typed = new TypedRecord({
      keep: run.keep,
      flushMs: this.#flushMs,
      onFailure: reason => terminal.end({ reason }),
    });
    run.onOpen({
      write: data => {
        if (typed.add(data)) terminal.write(data);
      },
      resize: size => terminal.resize(size),
      pause: () => terminal.pause(),
      resume: () => terminal.resume(),
      end: end => terminal.end(end),
      ended: terminal.ended,
    });
    await terminal.ended;
    await typed.close();
  }
}
