import { InputError } from '@backstage/errors';
import type {
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { ContextConnections } from '../impersonation/ContextConnections';
import { defaultContainer } from '../logs/logSources';
import { objectPath } from '../resources/resourcePath';
import { at, fieldOf, itemsOf } from '../rows/fields';
import { ExecTerminal, EXEC_PROTOCOLS } from './ExecTerminal';
import type {
  PodTerminals,
  Terminal,
  TerminalOptions,
  TerminalPlace,
  TerminalRequest,
} from './PodTerminals';

const PODS = { group: '', version: 'v1', plural: 'pods' };
/** The best shell that the container has; `sh` is in every image that has one. */
const SHELL = ['sh', '-c', 'exec "$(command -v bash || echo sh)"'];
const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'];

/** Opens terminals by `exec` of API servers; the pods it learns from the reader. */
export class LivePodTerminals implements PodTerminals {
  readonly #connections: ContextConnections;
  readonly #reader: ResourceReader;

  constructor(options: {
    connections: ContextConnections;
    reader: ResourceReader;
  }) {
    this.#connections = options.connections;
    this.#reader = options.reader;
  }

  async prepare(
    request: TerminalRequest,
    { context }: { context: RequestContext },
  ): Promise<TerminalPlace> {
    const { cluster, namespace, pod: name, command = SHELL } = request;
    const { object } = await this.#reader.get(
      { ...PODS, cluster, namespace, name },
      { context },
    );
    const phase = at(object, 'status', 'phase');
    if (phase === 'Succeeded' || phase === 'Failed') {
      throw new InputError('The pod has ended, so nothing runs in it any more');
    }
    const containers = CONTAINER_LISTS.flatMap(list =>
      itemsOf(at(object, 'spec', list)).map(each => fieldOf(each, 'name')),
    );
    const container = request.container ?? defaultContainer(object);
    if (container === undefined || !containers.includes(container)) {
      throw new InputError('The pod has no such container');
    }
    return { cluster, namespace, pod: name, container, command };
  }

  async open(
    place: TerminalPlace,
    options: TerminalOptions,
  ): Promise<Terminal> {
    const { cluster, namespace, pod: name, container, command } = place;
    const { context } = options;
    const { signal } = context;
    const connection = await this.#connections.get(cluster, context);
    const path = objectPath({ ...PODS, cluster, namespace, name });
    const socket = await connection.socket({
      path: `${path}/exec`,
      query: {
        ...{ container, command },
        // Of a terminal, standard error is part of the output.
        ...{ stdin: true, stdout: true, stderr: false, tty: true },
      },
      protocols: EXEC_PROTOCOLS,
      signal,
    });
    const terminal = new ExecTerminal(socket, options.onOutput);
    terminal.resize(options.size);
    const onAbort = () => terminal.end({ reason: 'closed' });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    return terminal;
  }
}
