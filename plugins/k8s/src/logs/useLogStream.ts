import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  k8sApiRef,
  K8sApiError,
  readServerSentEvents,
} from '@backstage-k8s/plugin-k8s-react';
import type { K8sApi } from '@backstage-k8s/plugin-k8s-react';
import { useCallback, useEffect, useState } from 'react';
import { LogBuffer } from './LogBuffer';
import type { ShownLine } from './LogBuffer';

/** Milliseconds in which what arrives is shown together. */
const SHOW_MS = 100;

/** How a log ended, as the stream says it. */
export interface LogEnding {
  pod?: string;
  reason: string;
  message?: string;
}

/** What is known of the logs by now. */
export interface LogState {
  /** Whether the back end has begun to answer. */
  isOpen: boolean;
  lines: readonly ShownLine[];
  dropped: number;
  /** Names of pods, in the order in which they were met. */
  pods: readonly string[];
  /** Pods that are not read because there are too many. */
  omitted: number;
  /** Pods whose log cannot be read, or has ended. */
  endings: readonly LogEnding[];
  /** Present: nothing more comes. */
  end?: LogEnding;
  /** Present: it was refused. */
  error?: Error;
}

const NOTHING: LogState = {
  isOpen: false,
  lines: [],
  dropped: 0,
  pods: [],
  omitted: 0,
  endings: [],
};

type Message =
  | {
      event: 'pods';
      data: { pods: { pod: string }[]; omitted: number };
    }
  | {
      event: 'lines';
      data: { pod: string; container: string; lines: Schema<'LogLine'>[] };
    }
  | { event: 'end'; data: LogEnding };

/** Collects what a stream says. */
class LogReading {
  readonly #buffer = new LogBuffer();
  readonly #pods = new Set<string>();
  #endings: LogEnding[] = [];
  #omitted = 0;
  #end?: LogEnding;
  #isOpen = false;

  get state(): LogState {
    return {
      isOpen: this.#isOpen,
      lines: this.#buffer.lines,
      dropped: this.#buffer.dropped,
      pods: [...this.#pods],
      omitted: this.#omitted,
      endings: this.#endings,
      end: this.#end,
    };
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  take(message: Message) {
    this.#isOpen = true;
    if (message.event === 'lines') this.#buffer.add(message.data);
    if (message.event === 'pods') {
      message.data.pods.forEach(({ pod }) => this.#pods.add(pod));
      this.#omitted += message.data.omitted;
    }
    if (message.event !== 'end') return;
    if (message.data.pod === undefined) this.#end = message.data;
    else this.#endings = [...this.#endings, message.data];
  }
}

async function read(
  api: K8sApi,
  request: { cluster: string; body: Schema<'LogRequest'>; signal: AbortSignal },
  onMessage: (message: Message) => void,
): Promise<void> {
  const { cluster: id, body, signal } = request;
  const { response, error } = await api.client.POST(
    '/clusters/{id}/log-streams',
    { params: { path: { id } }, body, parseAs: 'stream', signal },
  );
  if (error !== undefined || !response.body) {
    throw K8sApiError.fromAnswer(response.status, error);
  }
  for await (const message of readServerSentEvents(response.body)) {
    if (message) onMessage(message as Message);
  }
}

/** The logs of pods while the page is open; read anew when what is asked for changes. */
export function useLogStream(
  cluster: string,
  body: Schema<'LogRequest'>,
): LogState & { again: () => void } {
  const api = useApi(k8sApiRef);
  const [state, setState] = useState(NOTHING);
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt(before => before + 1), []);
  // Equal requests are one, whoever made the object.
  const request = JSON.stringify(body);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const reading = new LogReading();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (more: Partial<LogState> = {}) => {
      clearTimeout(timer);
      timer = undefined;
      if (!signal.aborted) setState({ ...reading.state, ...more });
    };
    setState(NOTHING);
    read(api, { cluster, body: JSON.parse(request), signal }, message => {
      reading.take(message);
      timer ??= setTimeout(show, SHOW_MS);
    }).then(
      () =>
        show(reading.hasEnded ? {} : { isOpen: true, end: { reason: 'lost' } }),
      error => {
        const isOpen = reading.state.isOpen;
        show(isOpen ? { end: { reason: 'lost' } } : { error });
      },
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [api, cluster, request, attempt]);
  return { ...state, again };
}
