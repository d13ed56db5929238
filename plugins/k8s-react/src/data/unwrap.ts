import { K8sApiError } from './K8sApiError';

/**
 * The data of an answer of the typed client.
 *
 * @throws K8sApiError when the answer is an error
 * @public
 */
export function unwrap<T>(answer: {
  data?: T;
  error?: unknown;
  response: Response;
}): T {
  if (answer.error === undefined && answer.response.ok) {
    return answer.data as T;
  }
  throw K8sApiError.fromAnswer(answer.response.status, answer.error);
}
