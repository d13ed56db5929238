import { readFailureOf, WatchFailedError } from './readFailure';

const failureOf = (status: unknown) =>
  readFailureOf(new WatchFailedError(status));

describe('what a watch says that it failed with', () => {
  it.each([
    ['gone', { code: 410, message: 'Expired' }],
    ['refused', { code: 403, message: 'No' }],
    ['backwards', { code: 504, message: 'Too large resource version: 2' }],
    ['passing', { code: 500, message: 'No room' }],
    ['passing', undefined],
    ['passing', { code: 500, message: { not: 'a text' } }],
  ])('is %s', (type, status) => {
    expect(failureOf(status)).toMatchObject({
      type,
      message: expect.any(String),
    });
  });

  it('is told as a short printable line, without what is secret', () => {
    const { message } = failureOf({
      code: 500,
      message: `\u001b[2J No\nroom, Authorization: Bearer abcdef0123456789 ${'x '.repeat(
        2_500_000,
      )}`,
    });
    expect(message).toContain('No room');
    expect(message.length).toBeLessThan(2_000);
    // eslint-disable-next-line no-control-regex -- they are what it looks for
    expect(message).not.toMatch(/[\u0000-\u001f]|abcdef0123456789/);
  });
});
