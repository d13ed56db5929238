import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

/** How a template applies a deployment. */
export const applyDeploymentExamples: TemplateExample[] = [
  {
    description: 'Apply a deployment and wait two minutes for its rollout',
    example: stringify({
      steps: [
        {
          id: 'deploy',
          name: 'Deploy',
          action: 'k8s:deployment:apply',
          input: {
            cluster: '${{ parameters.cluster }}',
            namespace: '${{ parameters.namespace }}',
            timeoutSeconds: 120,
            manifest: {
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              metadata: { name: '${{ parameters.name }}' },
              spec: {
                replicas: 2,
                selector: {
                  matchLabels: { app: '${{ parameters.name }}' },
                },
                template: {
                  metadata: { labels: { app: '${{ parameters.name }}' } },
                  spec: {
                    containers: [
                      { name: 'app', image: '${{ parameters.image }}' },
                    ],
                  },
                },
              },
            },
          },
        },
      ],
    }),
  },
];
