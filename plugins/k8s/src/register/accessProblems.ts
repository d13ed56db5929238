import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { AccessField, AccessInput } from './accessInput';

/** What is wrong with which field, in the server's words. */
export type AccessProblems = Partial<Record<AccessField, string>>;

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

/** A refusal of the whole request, by its field; empty when it names none. */
export function problemsOfMessage(message: string): AccessProblems {
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
  if (way !== 'token') {
    const isAboutContext = /\bcontext of that name\b/.test(message);
    if (isAboutContext) return { context: words };
    const isInFile = step in STEP_FIELDS || step === 'read';
    return isInFile ? { kubeconfig: words } : {};
  }
  // Where no TLS is spoken at all it is not the CA that is wrong.
  const blamed = code === 'tls' ? 'server' : STEP_FIELDS[step];
  const field = step === 'read' ? namedField(message) : blamed;
  return field ? { [field]: words } : {};
}
