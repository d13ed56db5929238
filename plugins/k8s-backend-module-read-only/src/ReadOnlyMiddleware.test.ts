import type { ApiRequest } from '@backstage-k8s/plugin-k8s-node';
import { ReadOnlyMiddleware } from './ReadOnlyMiddleware';

const handle = (request: Partial<ApiRequest>) =>
  new ReadOnlyMiddleware({ reason: 'It is being moved' }).handle(
    { isChange: false, query: {}, ...request } as ApiRequest,
    async () => 'answer',
  );

describe('ReadOnlyMiddleware', () => {
  it('answers reads and plans', async () => {
    expect(await handle({})).toBe('answer');
    expect(await handle({ isChange: true, query: { dryRun: true } })).toBe(
      'answer',
    );
  });

  it('refuses changes with the reason', async () => {
    await expect(handle({ isChange: true })).rejects.toThrow(
      'It is being moved',
    );
    await expect(
      handle({ isChange: true, query: { dryRun: false } }),
    ).rejects.toThrow('It is being moved');
  });
});
