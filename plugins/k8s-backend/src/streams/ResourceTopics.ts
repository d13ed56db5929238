import { InputError } from '@backstage/errors';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { isResourceSubscription } from '../live/LiveTopics';
import type { LiveTopics } from '../live/LiveTopics';
import type { Subscription, TopicEvent, TopicSource } from './TopicSource';

/** The topics of what is in clusters. */
export class ResourceTopics implements TopicSource {
  constructor(private readonly live: LiveTopics) {}

  open(
    subscription: Subscription,
    context: RequestContext,
  ): AsyncIterable<TopicEvent> {
    if (!isResourceSubscription(subscription)) {
      throw new InputError(`There is no topic ${subscription.topic}`);
    }
    return this.live.open(subscription, context);
  }
}
