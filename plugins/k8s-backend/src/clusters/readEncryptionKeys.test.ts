import { mockServices } from '@backstage/backend-test-utils';
import { readEncryptionKeys } from './readEncryptionKeys';

const secret = Buffer.alloc(32, 7).toString('base64');

function read(keys: unknown) {
  return readEncryptionKeys(
    mockServices.rootConfig({
      data: { k8s: { encryption: { keys } } } as never,
    }),
  );
}

describe('readEncryptionKeys', () => {
  it('reads keys in order', () => {
    const keys = read([
      { id: 'new', secret },
      { id: 'old', secret: Buffer.alloc(32, 8).toString('base64') },
    ]);
    expect(keys.map(({ id, key }) => [id, key[0]])).toEqual([
      ['new', 7],
      ['old', 8],
    ]);
  });

  it.each([undefined, [], [{ id: 'a' }], [{ id: 'a', secret: '' }]])(
    'has none for %j',
    keys => {
      expect(read(keys)).toEqual([]);
    },
  );

  it.each([
    ['a password', 'correct horse battery staple'],
    ['too few bytes', Buffer.alloc(31).toString('base64')],
    ['too many bytes', Buffer.alloc(33).toString('base64')],
  ])('refuses %s without repeating it', (_, wrong) => {
    expect(() => read([{ id: 'a', secret: wrong }])).toThrow(
      /^(?!.*(horse|AAAA)).*k8s\.encryption\.keys\[0\]\.secret.*32/,
    );
  });

  it('refuses an id that cannot be kept with each credential', () => {
    expect(() => read([{ id: 'a'.repeat(129), secret }])).toThrow(
      /keys\[0\]\.id has to have at most 128/,
    );
  });

  it('refuses two keys of one id', () => {
    expect(() =>
      read([
        { id: 'a', secret },
        { id: 'a', secret },
      ]),
    ).toThrow(/keys\[1\]\.id/);
  });
});
