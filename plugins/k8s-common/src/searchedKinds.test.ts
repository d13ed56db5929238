import { traitsOf } from './kinds';
import {
  kindName,
  parseKindName,
  SEARCHED_KINDS,
  searchedFieldsOf,
} from './searchedKinds';

it.each([
  ['deployments.apps', { group: 'apps', plural: 'deployments' }],
  ['pods', { group: '', plural: 'pods' }],
  [
    'ingresses.networking.k8s.io',
    { group: 'networking.k8s.io', plural: 'ingresses' },
  ],
])('%s is read as it was written', (text, type) => {
  expect(parseKindName(text)).toEqual(type);
  expect(kindName(type)).toBe(text);
});

it('takes the core group with and without its dot', () => {
  expect(parseKindName('pods.')).toEqual(parseKindName('pods'));
});

it('searches kinds that exist, each once', () => {
  const names = SEARCHED_KINDS.map(kindName);
  expect(new Set(names).size).toBe(names.length);
  expect(SEARCHED_KINDS.filter(kind => !traitsOf(kind))).toEqual([]);
});

it('finds Secrets by their names only, and everything else by more', () => {
  const [secrets, others] = [true, false].map(isSecret =>
    SEARCHED_KINDS.filter(kind => (kindName(kind) === 'secrets') === isSecret),
  );
  expect(secrets.map(searchedFieldsOf)).toEqual([['name']]);
  for (const kind of [...others, { group: 'example.org', plural: 'widgets' }]) {
    expect(searchedFieldsOf(kind)).toEqual(['name', 'image', 'label']);
  }
});
