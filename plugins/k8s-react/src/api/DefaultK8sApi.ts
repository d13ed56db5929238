import { createK8sClient } from '@backstage-k8s/plugin-k8s-common';
import type { K8sClient } from '@backstage-k8s/plugin-k8s-common';
import type { DiscoveryApi, FetchApi } from '@backstage/frontend-plugin-api';
import { AccessReviewBatch } from '../access/AccessReviewBatch';
import { unwrap } from '../data/unwrap';
import { LiveStream } from '../stream/LiveStream';
import type { StreamObserver } from '../stream/StreamEvent';
import type {
  AccessDecision,
  AccessReview,
  K8sApi,
  StreamTopic,
} from './K8sApi';
import { createPortalFetch } from './createPortalFetch';

// Replaced by what discovery says at each request; the client wants an address when it is made.
const PLACEHOLDER = 'http://k8s.invalid';

/** {@link K8sApi} over the portal's own discovery and fetch, which adds the user's token. @public */
export class DefaultK8sApi implements K8sApi {
  readonly client: K8sClient;
  readonly streamState: K8sApi['streamState'];
  readonly #stream: LiveStream;
  readonly #reviews: AccessReviewBatch;

  constructor(options: { discoveryApi: DiscoveryApi; fetchApi: FetchApi }) {
    const fetch = createPortalFetch({ ...options, placeholder: PLACEHOLDER });
    this.client = createK8sClient(PLACEHOLDER, { fetch });
    this.#reviews = new AccessReviewBatch(async reviews => {
      const answer = await this.client.POST('/access-reviews', {
        body: { reviews },
      });
      return unwrap(answer).reviews;
    });
    this.#stream = new LiveStream(async (subscriptions, signal) => {
      const { response, error } = await this.client.POST('/streams', {
        body: { subscriptions },
        parseAs: 'stream',
        signal,
      });
      if (error !== undefined || !response.body) {
        throw new Error(`The stream was refused with ${response.status}`);
      }
      return response.body;
    });
    this.streamState = {
      get: () => this.#stream.state,
      subscribe: listener => this.#stream.onState(listener),
    };
  }

  subscribe(topic: StreamTopic, observer: StreamObserver): () => void {
    return this.#stream.subscribe(topic, observer);
  }

  reviewAccess(review: AccessReview): Promise<AccessDecision> {
    return this.#reviews.review(review);
  }
}
