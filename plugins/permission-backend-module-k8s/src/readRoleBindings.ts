import {
  BINDING_OPTIONS,
  isDnsLabel,
  isLabelKey,
  isLabelValue,
  K8S_ROLES,
} from '@backstage-k8s/plugin-k8s-common';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';
import type { RoleBinding } from './RoleBinding';

const KEY = 'k8s.permission.bindings';

const entityRefs = (kind: 'user' | 'group') =>
  z
    .array(
      z.string().transform((ref, context) => {
        try {
          const entity = parseEntityRef(ref, {
            defaultKind: kind,
            defaultNamespace: 'default',
          });
          const full = stringifyEntityRef(entity);
          if (full.startsWith(`${kind}:`)) return full;
        } catch {
          // The issue below says it with the offending text.
        }
        context.addIssue(`"${ref}" is not a reference of a ${kind}`);
        return z.NEVER;
      }),
    )
    .default([]);

const bindingSchema = z
  .strictObject({
    role: z.enum(K8S_ROLES),
    users: entityRefs('user'),
    groups: entityRefs('group'),
    clusters: z
      .strictObject({
        matchLabels: z
          .record(
            z.string().refine(isLabelKey, 'is not a key of a label'),
            z.string().refine(isLabelValue, 'is not a value of a label'),
          )
          .refine(
            labels => Object.keys(labels).length > 0,
            'needs a label; leave clusters out for all clusters',
          ),
      })
      .optional(),
    namespaces: z
      .array(z.string().refine(isDnsLabel, 'is not a name of a namespace'))
      .min(1, 'needs a namespace; leave it out for all namespaces')
      .optional(),
    terminal: z.boolean().default(false),
  })
  .refine(({ users, groups }) => users.length + groups.length > 0, {
    message: 'names neither users nor groups',
  })
  .refine(({ role, terminal }) => !(terminal && role === 'K8sViewer'), {
    path: ['terminal'],
    message: 'is nothing that a K8sViewer can have',
  });

/**
 * The bindings of `k8s.permission.bindings`; none when the key is absent.
 *
 * @throws InputError that names the binding and what is wrong with it.
 * @public
 */
export function readRoleBindings(config: Config): RoleBinding[] {
  const configured = config.getOptional(KEY) ?? [];
  if (!Array.isArray(configured)) throw new InputError(`${KEY} is not a list`);
  return configured.map((binding, index) => {
    const { data, error } = bindingSchema.safeParse(binding);
    if (!error) {
      const { role, users, groups, clusters, namespaces } = data;
      const options = BINDING_OPTIONS.filter(option => data[option]);
      return {
        ...{ role, users, groups, namespaces },
        matchLabels: clusters?.matchLabels,
        options: options.length > 0 ? options : undefined,
      };
    }
    const problems = error.issues.map(({ path, message }) =>
      [path.join('.'), message].filter(Boolean).join(' '),
    );
    throw new InputError(`${KEY}[${index}]: ${problems.join('; ')}`);
  });
}
