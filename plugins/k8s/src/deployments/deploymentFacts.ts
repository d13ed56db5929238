import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** A deployment with revisions, pods and events. */
export type DeploymentDetail = Schema<'ServiceDeployment'>;
/** A row of a list of deployments. */
export type Deployment = Schema<'Deployment'>;
/** An earlier or the current pod template of a deployment. */
export type Revision = Schema<'Revision'>;

/** Characters of a digest that are shown. */
const DIGEST_LENGTH = 12;

/** The version that an image names: its tag, else the beginning of its digest, else `latest`. */
export function versionOf(image: string): string {
  const [name, digest] = image.split('@');
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  if (tag) return tag;
  const short = digest?.replace(/^sha256:/, '').slice(0, DIGEST_LENGTH);
  return short ?? 'latest';
}

/** An image without the registry that it is from, since the end is what tells images apart. */
export function shortImage(image: string): string {
  // What the reference of Docker calls a domain: it has a dot or a port, or is localhost.
  return image.replace(/^([^/]*[.:][^/]*|localhost)\//, '');
}

/** The versions of a template's containers; only the first where there are several. */
export function mainVersion(containers: readonly { image: string }[]): string {
  return containers.length > 0 ? versionOf(containers[0].image) : '–';
}

/** The revision that still serves while another one is rolled out; undefined when none does. */
export function servingRevision(
  revisions: readonly Revision[],
): Revision | undefined {
  return revisions.find(({ current, ready = 0 }) => !current && ready > 0);
}

/** `1.8.2 → 1.8.3` while a version takes the place of another one, else the version. */
export function versionChange(detail: DeploymentDetail): string {
  const now = mainVersion(detail.containers);
  const serving = servingRevision(detail.revisions);
  const before = serving && mainVersion(serving.containers);
  return before && before !== now ? `${before} → ${now}` : now;
}

/** Whether it runs as it should. */
export function isWell({ rollout, ready, replicas }: Deployment): boolean {
  return rollout.state === 'complete' && ready >= replicas;
}

/** Whether somebody should look at it. */
export function isTroubled({ rollout, ready, replicas }: Deployment): boolean {
  return (
    rollout.state === 'stuck' ||
    (rollout.state === 'complete' && ready < replicas)
  );
}
