import type { AccessReview } from '../api/K8sApi';
import { AccessReviewBatch } from './AccessReviewBatch';

const reviewOf = (cluster: string): AccessReview => ({
  action: 'cluster.update',
  cluster,
});

describe('AccessReviewBatch', () => {
  it('asks for the reviews of one tick together, for equal ones once', async () => {
    const send = jest.fn(async (reviews: AccessReview[]) =>
      reviews.map(({ cluster }) => ({ allowed: cluster === 'a' })),
    );
    const batch = new AccessReviewBatch(send);
    const answers = await Promise.all(
      ['a', 'b', 'a'].map(cluster => batch.review(reviewOf(cluster))),
    );
    expect(answers.map(({ allowed }) => allowed)).toEqual([true, false, true]);
    expect(send.mock.calls).toEqual([[[reviewOf('a'), reviewOf('b')]]]);
  });

  it('never asks for more than the API takes', async () => {
    const send = jest.fn(async (reviews: AccessReview[]) =>
      reviews.map(({ cluster = '' }) => ({ allowed: true, reason: cluster })),
    );
    const batch = new AccessReviewBatch(send);
    const names = Array.from({ length: 250 }, (_, index) => `c${index}`);
    const answers = await Promise.all(
      names.map(name => batch.review(reviewOf(name))),
    );
    expect(send.mock.calls.map(([reviews]) => reviews.length)).toEqual([
      100, 100, 50,
    ]);
    expect(answers.map(({ reason }) => reason)).toEqual(names);
  });

  it('fails those that asked, and asks again for the next', async () => {
    const send = jest
      .fn<Promise<{ allowed: boolean }[]>, [AccessReview[]]>()
      .mockRejectedValueOnce(new Error('away'))
      .mockResolvedValueOnce([{ allowed: true }]);
    const batch = new AccessReviewBatch(send);
    await expect(batch.review(reviewOf('a'))).rejects.toThrow('away');
    await expect(batch.review(reviewOf('a'))).resolves.toEqual({
      allowed: true,
    });
  });
});
