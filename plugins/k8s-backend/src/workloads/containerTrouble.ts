import { plainText } from '../views/plainText';
import { imageTrouble } from './imageTrouble';
import type {
  ContainerSpec,
  ContainerStatus,
  TerminatedState,
} from './WorkloadObjects';
import type { Trouble } from './Trouble';

const SIGNAL_EXIT_CODE = 128;
/** What a container's exit code means; above 128 it was ended by a signal (code minus 128). */
const EXIT_CODES: Record<number, string> = {
  126: 'its command cannot be executed',
  127: 'its command was not found',
};
const SIGNALS: Record<number, string> = {
  4: 'SIGILL, an instruction that the processor does not know',
  6: 'SIGABRT, it gave up by itself',
  7: 'SIGBUS, a bad memory access',
  9: 'SIGKILL, killed from outside',
  11: 'SIGSEGV, a bad memory access',
  15: 'SIGTERM, asked to end',
};
const LOGS = 'Look at the logs of its last run.';

/** How a container ended, as a clause, with what to do. */
function crash(
  ended: TerminatedState,
  spec: ContainerSpec | undefined,
): Pick<Trouble, 'words' | 'advice'> {
  if (ended.reason === 'OOMKilled') {
    const limit = spec?.resources?.limits?.memory;
    return {
      words: `was killed because it needed more memory than ${
        limit ? `its limit of ${limit}` : 'the node had left'
      } (OOMKilled)`,
      advice: 'Raise its memory limit, or find out why it needs so much.',
    };
  }
  const code = ended.exitCode ?? 0;
  const signal = ended.signal || code - SIGNAL_EXIT_CODE;
  if (signal > 0 && signal < 65) {
    const name = SIGNALS[signal] ?? `signal ${signal}`;
    const advice =
      signal === 9 || signal === 15
        ? `A liveness probe that fails ends containers so; see the events. ${LOGS}`
        : LOGS;
    return { words: `was ended by a signal (${name})`, advice };
  }
  if (code === 0) {
    return {
      words: 'ends by itself without an error, but has to keep running',
      advice:
        'Start a program that stays; use a Job for work that comes to an end.',
    };
  }
  const meaning = EXIT_CODES[code];
  return {
    words: `ends with exit code ${code}${meaning ? `: ${meaning}` : ''}`,
    advice: meaning ? 'Check command and arguments of the container.' : LOGS,
  };
}

/** What a container that waits with an error of its configuration says. */
function configurationWords(message: string): string {
  const object = /(configmap|secret) "([^"]+)" not found/i.exec(message);
  if (object) {
    const kind = object[1].toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
    return `the ${kind} ${object[2]} does not exist`;
  }
  const key = /find key (\S+) in (ConfigMap|Secret) (\S+)/i.exec(message);
  if (key) return `the ${key[2]} ${key[3]} has no key ${key[1]}`;
  return message || 'its configuration is not complete';
}

/** Waiting reasons of a container whose program could not be started at all. */
const START_ERRORS = [
  'RunContainerError',
  'CreateContainerError',
  'StartError',
  'ContainerCannotRun',
  'PostStartHookError',
];

/** Why one container keeps its pod from being ready; undefined when it says nothing about it. */
export function containerTrouble(options: {
  status: ContainerStatus;
  spec: ContainerSpec | undefined;
  /** What events say of this pod, in one text. */
  eventText: string;
  /** Whether it has to come to an end before the others start. */
  isInit: boolean;
}): Trouble | undefined {
  const { status, spec, eventText, isInit } = options;
  const name = isInit
    ? `the init container ${status.name}`
    : `the container ${status.name}`;
  const code = plainText(status.state?.waiting?.reason, 64);
  const message = plainText(status.state?.waiting?.message);
  const image = plainText(spec?.image ?? status.image, 256) || 'without a name';

  const pull = imageTrouble({ image, code, text: `${message} ${eventText}` });
  if (pull) return pull;
  if (code === 'CreateContainerConfigError') {
    return {
      code,
      words: `${name} cannot be made: ${configurationWords(message)}`,
      advice: 'Create what is missing, or correct the name in the deployment.',
      weight: 'likely',
    };
  }
  const ended = status.state?.terminated ?? status.lastState?.terminated;
  if (START_ERRORS.includes(code) || ended?.reason === 'StartError') {
    const text = message || plainText(ended?.message);
    const program = /exec: \\?"([^"\\]+)\\?"/.exec(text)?.[1];
    const isMissing = /executable file not found|no such file/i.test(text);
    return {
      code: code || 'StartError',
      words:
        program && isMissing
          ? `${name} cannot start: the image has no program ${program}`
          : `${name} cannot start${text ? `: ${text}` : ''}`,
      advice: 'Check command and arguments of the container.',
      weight: isMissing ? 'certain' : 'likely',
    };
  }
  // Between two tries it runs for a moment; what it did before tells more than that.
  const hasFailed = ended !== undefined && (ended.exitCode ?? 0) !== 0;
  const isEnded = status.state?.terminated !== undefined && !isInit;
  const wasRestarted = (status.restartCount ?? 0) > 0 && !status.ready;
  if (
    code !== 'CrashLoopBackOff' &&
    !isEnded &&
    !(hasFailed && (wasRestarted || status.state?.terminated))
  ) {
    return undefined;
  }
  const restarts = status.restartCount ?? 0;
  const { words, advice } = ended
    ? crash(ended, spec)
    : { words: 'ends again and again', advice: LOGS };
  return {
    code: code || (ended?.reason === 'OOMKilled' ? 'OOMKilled' : 'Error'),
    words: `${name} ${words}${
      restarts > 0
        ? `, restarted ${restarts === 1 ? 'once' : `${restarts} times`}`
        : ''
    }`,
    advice,
    weight: 'likely',
  };
}
