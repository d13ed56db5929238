import {
  clusterSlug,
  isDnsLabel,
  isDnsSubdomain,
  isLabelKey,
  isLabelValue,
  isPathSegment,
  isValidName,
} from './names';

/** What no object of any kind may be called. */
const NEVER = [
  '',
  '.',
  '..',
  'a/b',
  '/a',
  'a/',
  'a%2fb',
  '%2e%2e',
  'a b',
  'a\tb',
  'a\nb',
  'a\n',
  'a\0',
  '\u007f',
  'а', // Cyrillic
  'ａ', // full width
  'a\u200bb',
  'a\u202eb',
  'é',
  'a'.repeat(254),
];

describe.each([
  ['namespaces', { group: '', plural: 'namespaces' }],
  ['services', { group: '', plural: 'services' }],
  ['pods', { group: '', plural: 'pods' }],
  ['deployments', { group: 'apps', plural: 'deployments' }],
  ['roles', { group: 'rbac.authorization.k8s.io', plural: 'roles' }],
  ['custom resources', { group: 'example.org', plural: 'services' }],
])('names of %s', (_, kind) => {
  it.each(NEVER)('are not %j', name => {
    expect(isValidName(kind, name)).toBe(false);
  });

  it('can be those that are allowed everywhere', () => {
    for (const name of ['a', 'a-1', '0', 'a'.repeat(63)]) {
      expect(isValidName(kind, name)).toBe(true);
    }
  });
});

it.each([
  ['namespaces', '', 'a.b', false],
  ['services', '', 'a.b', false],
  ['services', 'example.org', 'a.b', true],
  ['pods', '', 'a.b', true],
  ['pods', '', 'a'.repeat(253), true],
  ['namespaces', '', 'a'.repeat(64), false],
  ['pods', '', 'A', false],
  ['pods', '', 'a_b', false],
  ['pods', '', '-a', false],
  ['pods', '', 'a-', false],
  ['pods', '', 'a..b', false],
  ['pods', '', 'a.-b', false],
  ['clusterroles', 'rbac.authorization.k8s.io', 'system:node', true],
  ['clusterroles', 'rbac.authorization.k8s.io', 'A_b@c', true],
  ['clusterroles', 'other.example.org', 'system:node', false],
])('%s of "%s" called %s: %s', (plural, group, name, isAllowed) => {
  expect(isValidName({ group, plural }, name)).toBe(isAllowed);
});

it('takes no time for long names', () => {
  const long = `${'a-'.repeat(100_000)}!`;
  expect(isDnsLabel(long)).toBe(false);
  expect(isDnsSubdomain(long)).toBe(false);
  expect(isDnsSubdomain(`${'a-'.repeat(126)}`)).toBe(false);
  expect(isPathSegment(long)).toBe(false);
  expect(isLabelValue(long)).toBe(false);
});

it.each([
  ['environment', true],
  ['Example.com_x', true],
  ['example.com/environment', true],
  ['a'.repeat(63), true],
  ['a'.repeat(64), false],
  ['example.com/', false],
  ['/a', false],
  ['Example.com/a', false],
  ['a/b/c', false],
  ['a b', false],
  ['__proto__', false],
])('the key of a label "%s": %s', (key, isAllowed) => {
  expect(isLabelKey(key)).toBe(isAllowed);
});

it.each([
  ['', true],
  ['a.B_c-1', true],
  ['-a', false],
  ['a'.repeat(64), false],
  ['a b', false],
  ['é', false],
])('the value of a label "%s": %s', (value, isAllowed) => {
  expect(isLabelValue(value)).toBe(isAllowed);
});

it.each([
  ['Production EU 1', 'production-eu-1'],
  ['dev_eu', 'dev-eu'],
  ['--a--', 'a'],
  ['a'.repeat(80), 'a'.repeat(63)],
  ['...', ''],
])('the slug of "%s" is "%s"', (name, slug) => {
  expect(clusterSlug(name)).toBe(slug);
});
