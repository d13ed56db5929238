import { plainText, plainTextOrAbsent } from './plainText';

describe('plainText', () => {
  it.each([
    ['plain', 'image not found', 'image not found'],
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a terminal title', 'a\u001b]0;owned\u0007b', 'ab'],
    [
      'a hyperlink',
      '\u001b]8;;http://evil\u001b\\click\u001b]8;;\u001b\\',
      'click',
    ],
    ['an escape that does not end', 'a\u001b]0;owned', 'a'],
    ['8-bit escapes', 'a\u009b31mb', 'ab'],
    ['a device control string', 'a\u001bPq#0\u001b\\b', 'ab'],
    ['a lone escape', 'a\u001b', 'a'],
    ['right-to-left override', 'invoice\u202egnp.exe', 'invoicegnp.exe'],
    ['isolates', '\u2066a\u2069', 'a'],
    ['zero width', 'ad\u200bmin\ufeff', 'admin'],
    ['invisible tags', 'a\u{e0041}\u{e0042}b', 'ab'],
    ['lines', 'one\r\ntwo\u2028three', 'one two three'],
    ['null bytes', 'a\u0000b', 'ab'],
    ['half a character', 'a\ud83d', 'a\ufffd'],
    ['markup stays, as text', '<b>x</b>', '<b>x</b>'],
    ['other scripts', 'образ 镜像 🚀', 'образ 镜像 🚀'],
    ['no string', { evil: true }, ''],
  ])('%s', (_, text, expected) => {
    expect(plainText(text)).toBe(expected);
  });

  it('shortens and says so, without cutting a character in two', () => {
    expect(plainText('abcdef', 4)).toBe('abc…');
    expect(plainText('ab🚀cd', 4)).toBe('ab…');
    expect(plainText('x'.repeat(1_500_000)).length).toBe(1024);
    expect(plainText(`${' '.repeat(99)}x`, 4)).toBe('…');
  });

  it('is absent where nothing is left', () => {
    expect(plainTextOrAbsent('\u202e')).toBeUndefined();
    expect(plainTextOrAbsent(undefined)).toBeUndefined();
  });
});
