import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

/** How a template creates a namespace. */
export const createNamespaceExamples: TemplateExample[] = [
  {
    description: 'Create a namespace, unless it is there already',
    example: stringify({
      steps: [
        {
          id: 'namespace',
          name: 'Create the namespace',
          action: 'k8s:namespace:create',
          input: {
            cluster: '${{ parameters.cluster }}',
            name: '${{ parameters.namespace }}',
            labels: { team: 'payments' },
            allowExisting: true,
          },
        },
      ],
    }),
  },
];
