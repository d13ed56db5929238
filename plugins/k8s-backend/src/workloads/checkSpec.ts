import { InputError } from '@backstage/errors';
import type { DeploymentSpec } from './WorkloadObjects';

/** Fields of a manifest: whoever sends one has put the manifest where its spec belongs. */
const MANIFEST_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec'];

/**
 * Refuses a spec that is none, or that speaks of another place than the request.
 *
 * @throws InputError
 */
export function checkSpec(spec: DeploymentSpec, namespace: string): void {
  const field = MANIFEST_FIELDS.find(name => name in spec);
  if (field !== undefined) {
    throw new InputError(
      `spec has a field ${field}: send the DeploymentSpec alone, not the whole manifest`,
    );
  }
  const inTemplate = spec.template?.metadata?.namespace;
  if (inTemplate !== undefined && inTemplate !== namespace) {
    throw new InputError(
      'spec.template.metadata.namespace is not the namespace of the deployment',
    );
  }
}
