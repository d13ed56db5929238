import { InputError } from '@backstage/errors';
import { parseLabelSelector } from './LabelSelector';

describe('parseLabelSelector', () => {
  it.each<[string | undefined, Record<string, string> | undefined, boolean]>([
    [undefined, undefined, true],
    ['', { a: 'b' }, true],
    ['  ', undefined, true],
    ['a=b', { a: 'b' }, true],
    ['a==b', { a: 'b' }, true],
    ['a=b', { a: 'c' }, false],
    ['a=b', undefined, false],
    ['a=', { a: '' }, true],
    ['a=', {}, false],
    ['a!=b', { a: 'c' }, true],
    ['a!=b', {}, true],
    ['a!=b', { a: 'b' }, false],
    ['a', { a: '' }, true],
    ['a', {}, false],
    ['!a', {}, true],
    ['!a', { a: 'x' }, false],
    ['a in (b,c)', { a: 'c' }, true],
    ['a in (b, c)', { a: 'd' }, false],
    ['a in (b)', {}, false],
    ['a in ()', { a: '' }, true],
    ['a notin (b,c)', { a: 'd' }, true],
    ['a notin (b,c)', {}, true],
    ['a notin (b,c)', { a: 'b' }, false],
    ['a=b,c=d', { a: 'b', c: 'd' }, true],
    ['a=b,c=d', { a: 'b' }, false],
    [' a = b , !c , d in ( e , f ) ', { a: 'b', d: 'f' }, true],
    ['app.kubernetes.io/name=web', { 'app.kubernetes.io/name': 'web' }, true],
    ['in in (in)', { in: 'in' }, true],
    ['notin', { notin: 'x' }, true],
    ['constructor', {}, false],
    ['!constructor', {}, true],
    ['a!=constructor', {}, true],
  ])('%p on %p is %p', (selector, labels, selected) => {
    expect(parseLabelSelector(selector)(labels)).toBe(selected);
  });

  it.each([
    'a,',
    ',a',
    'a,,b',
    'a b',
    'a=b c',
    'a in b',
    'a in (b',
    'a in b)',
    'a is (b)',
    '=b',
    '!',
    '!a=b',
    'a>1',
    'a=b=c',
    'a===b',
    'a/b/c=d',
    'ä=b',
    'a=ö',
    'a=-b',
    '-a',
    'a=(b)',
    'a\u0000=b',
    `a=${'b'.repeat(64)}`,
    `a in (${'b,'.repeat(5000)}c)`,
  ])('refuses %p without repeating it', selector => {
    expect(() => parseLabelSelector(selector)).toThrow(InputError);
    expect(() => parseLabelSelector(selector)).toThrow(
      /^The label selector cannot be read: [a-z0-9 ,=!]+$/,
    );
  });
});
