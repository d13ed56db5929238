import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { AccessField, AccessInput } from './accessInput';

/** What is wrong with which field, in the server's words. */
export type AccessProblems = Partial<Record<AccessField, string>> & {
  /** Of the way to sign in, by the names of its fields. */
  fields?: Readonly<Record<string, string>>;
};

type CheckStep = Schema<'ClusterCheck'>['steps'][number];

/** The field of address and token that a step is about; `read` names its field itself. */
const STEP_FIELDS: Partial<Record<CheckStep['step'], AccessField>> = {
  address: 'server',
  connect: 'server',
  tls: 'caData',
  signIn: 'token',
};

const NAMED =
  /^(?:body\/)?(kubeconfig|context|server|caData|tlsServerName|token)\b/;

/** The field that a message of the server begins with. */
function namedField(message: string): AccessField | undefined {
  return NAMED.exec(message)?.[1] as AccessField | undefined;
}

const OF_STRATEGY = /^(?:body\/)?authentication[./]fields[./](\w+)/;

/** A refusal of the whole request, by its field; empty when it names none. */
export function problemsOfMessage(message: string): AccessProblems {
  const [, name] = OF_STRATEGY.exec(message) ?? [];
  if (name !== undefined) return { fields: { [name]: message } };
  const field = namedField(message);
  return field ? { [field]: message } : {};
}

/** A failed check by the field to mend; empty when none failed, or when no field of the form is to blame. */
export function problemsOfCheck(
  check: Schema<'ClusterCheck'> | undefined,
  way: AccessInput['way'],
): AccessProblems {
  const failed = check?.steps.find(({ outcome }) => outcome === 'failed');
  if (!failed) return {};
  const { step, message, fix, code } = failed;
  const words = fix ? `${message}. ${fix}` : message;
  if (way === 'kubeconfig' || way === 'manifest') {
    const isAboutContext = /\bcontext of that name\b/.test(message);
    if (isAboutContext) return { context: words };
    const isInFile = step in STEP_FIELDS || step === 'read';
    return isInFile ? { kubeconfig: words } : {};
  }
  // Where no TLS is spoken at all it is not the CA that is wrong.
  const blamed = code === 'tls' ? 'server' : STEP_FIELDS[step];
  if (way === 'strategy') {
    if (step === 'read') return problemsOfMessage(words);
    // Which of its fields is wrong, nobody knows who was refused.
    if (step === 'signIn') return {};
  }
  const field = step === 'read' ? namedField(message) : blamed;
  return field ? { [field]: words } : {};
}
