import type { Subscription } from './TopicSource';

/** The fields that a topic's rows are told apart by; a field that a row lacks is left out. */
const KEY_FIELDS: Record<Subscription['topic'], readonly string[]> = {
  clusters: ['id'],
  // One row a subscription.
  health: [],
  nodes: ['name'],
  events: ['id'],
  namespaces: ['name'],
  deployments: ['namespace', 'name'],
  rollouts: ['namespace', 'name'],
  service: ['cluster', 'namespace', 'name'],
  resources: ['namespace', 'name'],
  audit: ['id'],
};

/** What a row is known by in `deleted`: its key fields joined by `/`. */
export function rowKey(topic: Subscription['topic'], row: object): string {
  return KEY_FIELDS[topic]
    .map(field => Reflect.get(row, field))
    .filter(value => value !== undefined)
    .join('/');
}
