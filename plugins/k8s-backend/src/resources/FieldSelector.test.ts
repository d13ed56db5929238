import { InputError } from '@backstage/errors';
import { parseFieldSelector } from './FieldSelector';

const FIELDS = ['metadata.name', 'phase'];
const object: Record<string, string> = {
  'metadata.name': 'a,b=c\\',
  phase: 'Running',
};
const selects = (text: string | undefined) =>
  parseFieldSelector(text, { fields: FIELDS })(name => object[name] ?? '');

describe('parseFieldSelector', () => {
  it.each([
    [undefined, true],
    ['', true],
    ['phase=Running', true],
    ['phase==Running', true],
    ['phase!=Running', false],
    ['phase=', false],
    ['phase!=', true],
    ['phase=Running,phase!=Failed', true],
    ['phase=Running,phase=Failed', false],
    ['metadata.name=a\\,b\\=c\\\\', true],
    ['metadata.name=a\\,b\\=c\\\\,phase=Failed', false],
  ])('reads %s', (text, expected) => {
    expect(selects(text)).toBe(expected);
  });

  it.each([
    'phase',
    'phase>1',
    '=x',
    'spec.nodeName=x',
    'phase=a,',
    'constructor=x',
    Array(40).fill('phase=a').join(','),
  ])('refuses %s', text => {
    expect(() => selects(text)).toThrow(InputError);
  });
});
