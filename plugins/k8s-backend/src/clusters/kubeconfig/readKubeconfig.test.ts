import { redactSecrets } from '../../errors/redactSecrets';
import { readBoundedYaml } from './readBoundedYaml';
import { readKubeconfig } from './readKubeconfig';

const SECRET = 'planted-secret';

function kubeconfig(change: {
  user?: object;
  cluster?: object;
  context?: object;
  root?: object;
}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'c', cluster: { server: 'https://one.test', ...change.cluster } },
    ],
    users: [{ name: 'u', user: { token: SECRET, ...change.user } }],
    contexts: [
      {
        name: 'x',
        context: { cluster: 'c', user: 'u', ...change.context },
      },
    ],
    'current-context': 'x',
    ...change.root,
  });
}

function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({ name: 'InputError' });
    return String((error as Error).message);
  }
  throw new Error('It was read');
}

describe('readKubeconfig', () => {
  it('reads the current context', () => {
    expect(
      readKubeconfig(
        kubeconfig({
          cluster: { 'tls-server-name': 'inside.test' },
          context: { namespace: 'shop' },
        }),
      ),
    ).toEqual({
      contexts: ['x'],
      context: 'x',
      server: 'https://one.test',
      tlsServerName: 'inside.test',
      skipTlsVerify: false,
      token: SECRET,
      places: { cluster: 'clusters[0].cluster', user: 'users[0].user' },
    });
  });

  it('reads YAML as kubectl writes it', () => {
    const text = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: QUJD
    server: https://one.test:6443
  name: c
contexts:
- context:
    cluster: c
    user: u
  name: x
current-context: x
kind: Config
preferences: {}
users:
- name: u
  user:
    client-certificate-data: REVG
    client-key-data: R0hJ
`;
    expect(readKubeconfig(text)).toMatchObject({
      caData: 'QUJD',
      clientCertificate: 'REVG',
      clientKey: 'R0hJ',
    });
  });

  it.each([
    ['exec', { command: '/bin/sh', args: [SECRET] }, /programs are not run/],
    ['auth-provider', { name: 'gcp' }, /plug-ins are not run/],
    ['username', 'admin', /user name and password/],
    ['password', SECRET, /user name and password/],
    ['tokenFile', '/etc/passwd', /files .* are not read/],
    ['client-certificate', '/etc/cert', /files .* are not read/],
    ['client-key', '/etc/key', /files .* are not read/],
    ['as', 'admin', /not impersonated/],
    ['as-groups', ['system:masters'], /not impersonated/],
    ['as-uid', '1', /not impersonated/],
    ['as-user-extra', { a: ['b'] }, /not impersonated/],
  ])('refuses a user with %s, and says what to use', (field, value, why) => {
    const message = refusalOf(() =>
      readKubeconfig(kubeconfig({ user: { [field]: value } })),
    );
    expect(message).toMatch(why);
    // Nothing in our own words looks like a secret that answers have to be rid of.
    expect(redactSecrets(message)).toBe(message);
    expect(message).toContain(`users[0].user.${field} is refused: `);
    expect(message).not.toContain(SECRET);
    expect(message).not.toContain('/etc/');
  });

  it.each([
    ['certificate-authority', '/etc/ca', /files .* are not read/],
    [
      'proxy-url',
      `http://u:${SECRET}@proxy.test`,
      /configured by its operator/,
    ],
  ])('refuses a cluster with %s', (field, value, why) => {
    const message = refusalOf(() =>
      readKubeconfig(kubeconfig({ cluster: { [field]: value } })),
    );
    expect(message).toMatch(why);
    expect(message).toContain(`clusters[0].cluster.${field} is refused: `);
    expect(message).not.toContain(SECRET);
  });

  it.each([
    { user: { [`${SECRET}-field`]: 1 } },
    { cluster: { [SECRET]: 1 } },
    { context: { [SECRET]: 1 } },
    { root: { [SECRET]: 1 } },
  ])('refuses a field that it does not know, without its name', change => {
    const message = refusalOf(() => readKubeconfig(kubeconfig(change)));
    expect(message).toMatch(/a field that is not known/);
    expect(message).not.toContain(SECRET);
  });

  it.each([
    [{ root: { users: [] } }, /no user that the context names/],
    [{ root: { clusters: undefined } }, /no list of clusters/],
    [{ root: { 'current-context': 'y' } }, /choose one/],
    [{ cluster: { server: 7 } }, /server has to be text/],
    [{ cluster: { server: null } }, /server is missing/],
    [{ user: { token: ['a'] } }, /token has to be text/],
    [{ root: { contexts: [7] } }, /contexts\[0\] has to have fields/],
    [
      {
        root: {
          users: [
            { name: 'u', user: { token: 'a' } },
            { name: 'u', user: { token: 'b' } },
          ],
        },
      },
      /several entries/,
    ],
    [{ cluster: { 'insecure-skip-tls-verify': 'yes' } }, /true or false/],
  ])('refuses %j', (change, why) => {
    expect(refusalOf(() => readKubeconfig(kubeconfig(change)))).toMatch(why);
  });

  it('does not look at what the chosen context does not use', () => {
    const text = kubeconfig({
      root: {
        users: [
          { name: 'other', user: { exec: { command: 'x' } } },
          { name: 'u', user: { token: SECRET } },
        ],
      },
    });
    expect(readKubeconfig(text).token).toBe(SECRET);
  });

  it('says which context is missing without its name', () => {
    const message = refusalOf(() =>
      readKubeconfig(kubeconfig({}), { context: SECRET }),
    );
    expect(message).toBe('The kubeconfig has no context of that name');
  });
});

describe('readBoundedYaml', () => {
  const K = 256 * 1024;
  const bombs: [what: string, text: string][] = [
    ['aliases', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]'],
    ['merge keys', 'a: {<<: {x: 1}}'],
    ['a merge key with an alias', 'a: &a {x: 1}\nb: {<<: *a}'],
    ['depth of brackets', '['.repeat(K)],
    ['depth of maps', '{a: '.repeat(K / 8)],
    ['depth of dashes', '- '.repeat(K / 2)],
    ['depth of question marks', '? '.repeat(K / 2)],
    [
      'depth of indentation',
      Array.from({ length: 600 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
    ],
    [
      'many keys',
      Array.from({ length: 20_000 }, (_, n) => `k${n}: 1`).join('\n'),
    ],
    [
      'many keys on one line',
      `{${Array.from({ length: 20_000 }, (_, n) => `k${n}: 1`)}}`,
    ],
    ['many documents', '---\n'.repeat(K / 4)],
    ['many quotes', '"'.repeat(K)],
    ['a key twice', 'a: 1\na: 2'],
    ['a key that is no text', '? [a]\n: 1'],
    ['a key that is a number', '1: 2'],
    ['a tag', 'a: !!js/function "x"'],
    ['binary', 'a: !!binary AAAA'],
    ['two documents', 'a: 1\n---\nb: 2'],
    ['too much text', 'x'.repeat(K + 1)],
    ['half of JSON', '{"a": '],
  ];

  it.each(bombs)('refuses %s', (_, text) => {
    const message = refusalOf(() => readBoundedYaml(text));
    expect(message).toMatch(/^The kubeconfig cannot be read: /);
    expect(message.length).toBeLessThan(120);
  });

  it('says the line, and nothing of it', () => {
    expect(refusalOf(() => readBoundedYaml(`a: 1\nb: "${SECRET}`))).toMatch(
      /not valid YAML or JSON \(line \d\)$/,
    );
  });

  it('changes no prototype', () => {
    const read = readBoundedYaml(
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
    );
    expect(read).toBeInstanceOf(Map);
    expect((read as Map<string, unknown>).get('__proto__')).toBeInstanceOf(Map);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
