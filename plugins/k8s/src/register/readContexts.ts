import { parse } from 'yaml';
import { KUBECONFIG_LENGTH } from './accessInput';

/** The names in a kubeconfig that one chooses from. */
export interface KubeconfigContexts {
  /** Empty: none could be read; the check says why. */
  names: string[];
  current?: string;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The contexts of a kubeconfig, for choosing only: whether it can be used is for the check to say. Never throws. */
export function readContexts(text: string): KubeconfigContexts {
  if (!text.trim() || text.length > KUBECONFIG_LENGTH) return { names: [] };
  let root: unknown;
  try {
    root = parse(text, { logLevel: 'silent' });
  } catch {
    return { names: [] };
  }
  if (!isRecord(root) || !Array.isArray(root.contexts)) return { names: [] };
  const names = root.contexts.flatMap((context: unknown) =>
    isRecord(context) && typeof context.name === 'string' ? [context.name] : [],
  );
  const current = root['current-context'];
  return {
    names: [...new Set(names)],
    ...(typeof current === 'string' && names.includes(current) && { current }),
  };
}
