import { PortalClient } from './PortalClient.ts';
import type { RegisteredCluster } from './PortalClient.ts';
import { freeName, slugOf } from './freeName.ts';

const DEFAULT_NAME = 'my-cluster';
/** The portal takes 63 characters; some are left for a number. */
const MAX_NAME_LENGTH = 58;

/** A kubeconfig, as far as it tells which cluster it is of. Anything may be missing: the portal says what is wrong with it. */
interface Kubeconfig {
  'current-context'?: unknown;
  contexts?: { name?: unknown; context?: { cluster?: unknown } }[];
  clusters?: {
    name?: unknown;
    cluster?: { server?: unknown; 'certificate-authority-data'?: unknown };
  }[];
}

/**
 * Registers the user's own cluster by its kubeconfig, called as its current context is, unless it is registered.
 *
 * @returns what was done, a sentence
 * @throws Problem
 */
export async function registerOwnCluster(
  url: string,
  kubeconfig: string,
): Promise<string> {
  const portal = new PortalClient(url);
  const known = await portal.listDetails();
  const wanted = await readTarget(kubeconfig);
  const same = known.find(one => isSame(one, wanted));
  if (same) return `It is registered already, as ${same.name}.`;
  const name = freeName(
    wanted.name,
    known.map(one => one.name),
  );
  await portal.registerCluster({ name, kubeconfig });
  return `It is registered as ${name}.`;
}

/** What the current context of a kubeconfig is called and leads to. */
interface Target {
  name: string;
  server?: string;
  /** PEM; absent: a certificate authority that the system knows. */
  certificateAuthority?: string;
}

async function readTarget(kubeconfig: string): Promise<Target> {
  const { parse } = await import('yaml');
  try {
    const content = (parse(kubeconfig) ?? {}) as Kubeconfig;
    const current = content['current-context'];
    const slug = slugOf(typeof current === 'string' ? current : '');
    const context = content.contexts?.find(({ name }) => name === current);
    const cluster = content.clusters?.find(
      ({ name }) => name === context?.context?.cluster,
    )?.cluster;
    const data = cluster?.['certificate-authority-data'];
    return {
      name: slug.slice(0, MAX_NAME_LENGTH).replace(/-$/, '') || DEFAULT_NAME,
      ...(typeof cluster?.server === 'string' && { server: cluster.server }),
      ...(typeof data === 'string' && {
        certificateAuthority: Buffer.from(data, 'base64').toString('utf8'),
      }),
    };
  } catch {
    return { name: DEFAULT_NAME };
  }
}

/** Not so when the cluster at an address was made anew: it has another certificate authority then. */
function isSame({ server, caData }: RegisteredCluster, wanted: Target) {
  return (
    addressOf(server) !== undefined &&
    addressOf(server) === addressOf(wanted.server) &&
    caData?.trim() === wanted.certificateAuthority?.trim()
  );
}

/** Spelled as URLs are. */
function addressOf(server = ''): string | undefined {
  return URL.canParse(server) ? new URL(server).href : undefined;
}
