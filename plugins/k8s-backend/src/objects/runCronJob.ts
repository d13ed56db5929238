import { createHash, randomBytes } from 'node:crypto';
import { InputError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { at, isFields } from '../rows/fields';

/** Set by `kubectl create job --from` too. */
const INSTANTIATED = 'cronjob.kubernetes.io/instantiate';
/** Names of Jobs become labels of their pods. */
const NAME_LENGTH = 63;
const SUFFIX_LENGTH = 5;

/** Of a request that may come again the same each time, so that it makes one Job. */
function suffixOf(marker: string | undefined): string {
  const digest =
    marker === undefined
      ? randomBytes(SUFFIX_LENGTH).toString('hex')
      : createHash('sha256').update(marker).digest('hex');
  return digest.slice(0, SUFFIX_LENGTH);
}

/**
 * The Job that a CronJob would make now.
 *
 * @param options - `marker`: of the request, where it has one
 * @throws InputError when the CronJob has no template
 */
export function jobOfCronJob(
  cronJob: KubernetesObject,
  options: { marker?: string },
): KubernetesObject & { metadata: { name: string } } {
  const template = at(cronJob, 'spec', 'jobTemplate');
  const spec = at(template, 'spec');
  if (!isFields(spec)) throw new InputError('The CronJob has no template');
  const { name = '', namespace, uid = '' } = cronJob.metadata;
  const tail = `-manual-${suffixOf(options.marker)}`;
  const labels = at(template, 'metadata', 'labels');
  const annotations = at(template, 'metadata', 'annotations');
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name.slice(0, NAME_LENGTH - tail.length)}${tail}`,
      ...(namespace !== undefined && { namespace }),
      ...(isFields(labels) && { labels: labels as Record<string, string> }),
      annotations: {
        ...(isFields(annotations) && annotations),
        [INSTANTIATED]: 'manual',
      } as Record<string, string>,
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          ...{ name, uid, controller: true },
        },
      ],
    },
    spec: { ...spec },
  };
}
