import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

/** How a template applies objects. */
export const applyResourceExamples: TemplateExample[] = [
  {
    description: 'Apply a ConfigMap',
    example: stringify({
      steps: [
        {
          id: 'configuration',
          name: 'Apply the configuration',
          action: 'k8s:resource:apply',
          input: {
            cluster: '${{ parameters.cluster }}',
            namespace: '${{ parameters.namespace }}',
            manifest: {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { name: '${{ parameters.name }}' },
              data: { LOG_LEVEL: 'info' },
            },
          },
        },
      ],
    }),
  },
  {
    description: 'Apply one object in several clusters',
    example: stringify({
      steps: [
        {
          id: 'quota',
          name: 'Apply the quota',
          each: '${{ parameters.clusters }}',
          action: 'k8s:resource:apply',
          input: {
            cluster: '${{ each.value }}',
            manifest: [
              'apiVersion: v1',
              'kind: ResourceQuota',
              'metadata:',
              '  name: pods',
              '  namespace: payments',
              'spec:',
              '  hard:',
              '    pods: "20"',
              '',
            ].join('\n'),
          },
        },
      ],
    }),
  },
];
