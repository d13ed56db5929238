import {
  EMPTY_ACCESS,
  isComplete,
  missingOfStrategy,
  toRequest,
} from './accessInput';
import { problemsOfCheck, problemsOfMessage } from './accessProblems';
import {
  NEW_DETAILS,
  fieldOfRefusal,
  isAcceptable,
  nameProblem,
  suggestName,
  toRegistration,
} from './clusterDetails';
import { readContexts } from './readContexts';

const FIELD = {
  ...{ title: { en: 'A' }, optional: false, secret: false },
  multiline: false,
};

const kubeconfig = `
current-context: dev
contexts:
  - name: dev
    context: { cluster: dev, user: dev }
  - name: prod
    context: { cluster: prod, user: prod }
`;

describe('contexts of a kubeconfig', () => {
  it('are listed with the current one', () => {
    expect(readContexts(kubeconfig)).toEqual({
      names: ['dev', 'prod'],
      current: 'dev',
    });
  });

  it.each([
    ['nothing', ''],
    ['broken YAML', 'contexts: [\n  - {'],
    ['another document', 'kind: Deployment'],
    ['contexts of a wrong shape', 'contexts: [1, {name: 2}, null]'],
    [
      'an alias bomb',
      `a: &a [1]\nb: &b [*a, *a]\n${'c: [*b, *b]\n'.repeat(2)}`,
    ],
    ['more than is taken', `contexts: [{name: a}]\n#${'x'.repeat(1_000_000)}`],
  ])('are empty for %s', (_, text) => {
    expect(readContexts(text).names).toEqual([]);
  });

  it('ignore a current one that is not there', () => {
    expect(
      readContexts(
        kubeconfig.replace('current-context: dev', 'current-context: gone'),
      ),
    ).toEqual({ names: ['dev', 'prod'] });
  });
});

describe('what is sent of an access', () => {
  const full = {
    ...EMPTY_ACCESS,
    kubeconfig: 'kube',
    context: 'dev',
    server: ' https://one ',
    caData: ' pem ',
    token: ' secret ',
  };

  it('is the kubeconfig alone, or address and token alone', () => {
    expect(toRequest(full)).toEqual({ kubeconfig: 'kube', context: 'dev' });
    expect(toRequest({ ...full, way: 'token' })).toEqual({
      server: 'https://one',
      caData: 'pem',
      token: 'secret',
    });
  });

  const strategy = {
    id: 'porter',
    title: { en: 'Porter' },
    fields: [
      { ...FIELD, name: 'key', secret: true },
      { ...FIELD, name: 'note', optional: true },
    ],
  };
  const byStrategy = {
    way: 'strategy' as const,
    server: 'https://one',
    strategy,
  };

  it('is an address and what the chosen way to sign in needs, without what is empty', () => {
    const fields = { key: 'secret', note: ' ' };
    expect(toRequest({ ...full, ...byStrategy, fields })).toEqual({
      server: 'https://one',
      caData: 'pem',
      authentication: { strategy: 'porter', fields: { key: 'secret' } },
    });
  });

  it('is not enough without a field that the chosen way to sign in needs', () => {
    const given = { ...EMPTY_ACCESS, ...byStrategy };
    expect(missingOfStrategy(given)).toEqual(['key']);
    expect(isComplete(given)).toBe(false);
    expect(isComplete({ ...given, fields: { key: 'secret' } })).toBe(true);
    expect(isComplete({ ...given, fields: { key: 'k' }, server: '' })).toBe(
      false,
    );
  });

  it.each([
    [{}, false],
    [{ kubeconfig: 'x' }, true],
    [{ kubeconfig: 'x'.repeat(1_000_001) }, false],
    [{ way: 'token', server: 'https://one' }, false],
    [{ way: 'token', server: 'https://one', token: 't' }, true],
  ] as const)('%#: is enough for a check: %s', (given, enough) => {
    expect(isComplete({ ...EMPTY_ACCESS, ...given })).toBe(enough);
  });
});

describe('the field of a problem', () => {
  const failed = (
    step: 'read' | 'tls' | 'signIn' | 'rights',
    message: string,
  ) => ({
    ok: false,
    steps: [{ step, outcome: 'failed' as const, message }],
  });

  it.each([
    ['read', 'server has to begin with https://', 'token', 'server'],
    ['read', 'token is not a token', 'token', 'token'],
    ['tls', 'not trusted', 'token', 'caData'],
    ['signIn', 'not accepted', 'token', 'token'],
    ['read', 'users[0].user.exec: …', 'kubeconfig', 'kubeconfig'],
    [
      'read',
      'The kubeconfig has no context of that name',
      'kubeconfig',
      'context',
    ],
    ['tls', 'not trusted', 'kubeconfig', 'kubeconfig'],
  ] as const)('%s “%s” by %s is %s', (step, message, way, field) => {
    const problems = problemsOfCheck(failed(step, message), way);
    expect(problems).toEqual({ [field]: message });
  });

  it('is that of the chosen way to sign in where the message names it', () => {
    const message = 'authentication.fields.key is missing';
    expect(problemsOfCheck(failed('read', message), 'strategy')).toEqual({
      fields: { key: message },
    });
    expect(problemsOfMessage(`body/${message}`)).toEqual({
      fields: { key: `body/${message}` },
    });
    // Nobody knows which one is wrong.
    expect(problemsOfCheck(failed('signIn', 'no'), 'strategy')).toEqual({});
    expect(problemsOfCheck(failed('tls', 'no'), 'strategy')).toEqual({
      caData: 'no',
    });
  });

  it('is none for missing rights, which no field mends', () => {
    expect(problemsOfCheck(failed('rights', 'may not'), 'token')).toEqual({});
    expect(problemsOfCheck(failed('rights', 'may not'), 'kubeconfig')).toEqual(
      {},
    );
  });

  it.each([
    ['body/server must NOT have more than 2048 characters', 'server'],
    ['body/kubeconfig must be string', 'kubeconfig'],
  ])('of “%s” is %s', (message, field) => {
    expect(problemsOfMessage(message)).toEqual({ [field]: message });
  });

  it.each([
    ['A cluster of this name is registered; choose another name', 'name'],
    [
      'A cluster is, or was at first, registered by this name or one that differs only in case, spaces or punctuation; choose another name',
      'name',
    ],
    ['labels.region: a value has at most 63 letters', 'labels'],
    ['labels: a key has to be like', 'labels'],
    ['body/owner must match pattern', 'owner'],
    ['This cluster is registered already', undefined],
  ])('of the refusal “%s” is %s', (message, field) => {
    expect(fieldOfRefusal(message)).toBe(field);
  });
});

describe('the details of a cluster', () => {
  it.each([
    ['arn:aws:eks:eu-west-1:1234:cluster/prod', 'prod'],
    ['kubernetes-admin@dev', 'dev'],
    ['gke_project_zone_name', 'gke_project_zone_name'],
    ['-weird!name-', 'weird-name'],
    ['!!!', ''],
    [undefined, ''],
  ])('suggest for the context %s the name %s', (context, name) => {
    expect(suggestName(context)).toBe(name);
    // Either it can be used as it is, or there is nothing to suggest.
    expect(nameProblem(name)).toBe(name ? undefined : 'register.nameMissing');
  });

  it('leave out labels without a value and nobody as owner', () => {
    const labels = { environment: ' production ', region: '' };
    const details = { ...NEW_DETAILS, name: ' dev ', labels };
    expect(toRegistration(details)).toEqual({
      name: 'dev',
      labels: { environment: 'production' },
      protected: false,
    });
  });

  it.each([
    [{ name: '' }, false],
    [{ name: 'x'.repeat(64) }, false],
    [{ name: 'dev', labels: { 'not a key': 'x' } }, false],
    [{ name: 'dev', labels: { region: 'a b' } }, false],
    [{ name: 'dev' }, true],
  ])('%j are acceptable: %s', (given, acceptable) => {
    expect(isAcceptable({ ...NEW_DETAILS, ...given })).toBe(acceptable);
  });
});
