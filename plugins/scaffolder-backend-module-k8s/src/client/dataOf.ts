/** The data of an answer. @throws Error when it has none, which a refusal that was not thrown would be */
export function dataOf<Data>(answer: { data?: Data }): Data {
  if (answer.data === undefined) {
    throw new Error('The Kubernetes plugin answered without a body');
  }
  return answer.data;
}
