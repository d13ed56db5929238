import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  JsonPatchStep,
  Precondition,
  ResourcePatch,
} from '@backstage-k8s/plugin-k8s-node';
import { extendMergePatch, isJsonPatch, markerSteps } from './requestMarker';

/** A patch as it is sent. */
export interface PatchBody {
  contentType: string;
  body: unknown;
  /** What it is refused without. */
  tested: Precondition;
}

/**
 * A patch with its preconditions and the request's marker in it.
 *
 * @param options - `live` reads the object as it is; asked only where the marker needs it
 */
export async function patchBody(
  patch: ResourcePatch,
  options: {
    precondition?: Precondition;
    marker?: string;
    live: () => Promise<KubernetesObject>;
  },
): Promise<PatchBody> {
  const { precondition = {}, marker } = options;
  const wanted = Object.entries(precondition).filter(
    ([, value]) => value !== undefined,
  );
  if (!isJsonPatch(patch)) {
    const metadata = Object.fromEntries(wanted);
    return {
      contentType: 'application/merge-patch+json',
      body: extendMergePatch(patch, { marker, metadata }),
      tested: precondition,
    };
  }
  const steps: JsonPatchStep[] = wanted.map(([field, value]) => ({
    op: 'test',
    path: `/metadata/${field}`,
    value,
  }));
  let tested = precondition;
  if (marker !== undefined) {
    const live = await options.live();
    const { resourceVersion, annotations } = live.metadata;
    steps.push(...markerSteps(live, marker));
    // Without annotations the steps hold for this version only.
    if (!annotations) tested = { resourceVersion, ...precondition };
  }
  return {
    contentType: 'application/json-patch+json',
    body: [...steps, ...patch],
    tested,
  };
}
