import { hintsOf } from './answerHints';
import { answerError, clusterFailureOf } from './clusterErrors';
import { connectionError } from './connectionErrors';

const status = (message: string, details?: object) =>
  JSON.stringify({ kind: 'Status', message, details });

describe('answerError', () => {
  it.each([
    [400, 'InputError'],
    [401, 'ServiceUnavailableError'],
    [404, 'NotFoundError'],
    [405, 'InputError'],
    [409, 'ConflictError'],
    [410, 'GoneError'],
    [413, 'ContentTooLargeError'],
    [422, 'InputError'],
    [429, 'ServiceUnavailableError'],
    [500, 'ServiceUnavailableError'],
    [503, 'ServiceUnavailableError'],
    [504, 'ServiceUnavailableError'],
  ])('%d is a %s', (code, name) => {
    const error = answerError({ status: code, body: status('why') });
    expect(error.name).toBe(name);
    expect(clusterFailureOf(error)?.status).toBe(code);
  });

  it('names the fields that are not valid', () => {
    const error = answerError({
      status: 422,
      body: status('Deployment "web" is invalid', {
        causes: [{ field: 'spec.replicas', message: 'must be 0 or more' }],
      }),
    });
    expect(error.message).toBe('Deployment "web" is invalid');
    expect(hintsOf(error).details).toEqual({
      fields: [{ field: 'spec.replicas', message: 'must be 0 or more' }],
    });
  });

  it("never shows a refusal of the portal's credential as the caller's own", () => {
    const error = answerError({
      status: 403,
      body: status(
        'deployments.apps "web" is forbidden: User "system:serviceaccount:default:portal" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
      ),
    });
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toMatch(
      /refuses the portal's credential: it may not patch deployments\.apps in the namespace shop/,
    );
    expect(clusterFailureOf(error)?.cause).toBe('forbidden');
  });

  it.each([
    'pods "web" is forbidden: User "portal" cannot list resource "pods" in API group "" at the cluster scope',
    'forbidden: User "portal" cannot get path "/readyz"',
  ])('knows the refusal: %s', message => {
    const error = answerError({ status: 403, body: status(message) });
    expect(error.name).toBe('ServiceUnavailableError');
  });

  it.each([
    'pods "web" is forbidden: exceeded quota: small, requested: pods=1',
    'pods "web" is forbidden: violates PodSecurity "restricted:latest"',
    'pods "web" is forbidden: unable to create new content in namespace old because it is being terminated',
  ])('shows what the cluster does not admit: %s', message => {
    const error = answerError({ status: 403, body: status(message) });
    expect(error.name).toBe('NotAllowedError');
    expect(error.message).toContain(message);
    expect(clusterFailureOf(error)?.cause).toBe('answer');
  });

  it.each([
    [{ retryAfter: '7' }, 7],
    [{ body: status('slow down', { retryAfterSeconds: 3 }) }, 3],
    [{ retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined],
    [{ retryAfter: '-1' }, undefined],
  ])('keeps the wait of %j', (answer, seconds) => {
    const error = answerError({ status: 429, body: '', ...answer });
    expect(hintsOf(error).retryAfterSeconds).toBe(seconds);
  });

  it('says a message in one line, without control and direction marks, secrets or length', () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwb3J0YWwifQ.c2lnbmF0dXJl';
    const error = answerError({
      status: 400,
      body: status(`one\u001b[31m\ntwo\u202e ${token} ${'x'.repeat(5000)}`),
    });
    expect(error.message).toMatch(/^one \[31m two/);
    // eslint-disable-next-line no-control-regex -- it must hold none
    expect(error.message).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(error.message).not.toContain('eyJ');
    expect(error.message.length).toBeLessThanOrEqual(1000);
  });

  it.each(['', 'not json', '[]', 'null', '{"message":7}', '{"details":1}'])(
    'makes an error of the body %s',
    body => {
      for (const code of [400, 403, 404, 409, 422, 500]) {
        expect(answerError({ status: code, body }).message).not.toBe('');
      }
    },
  );
});

describe('connectionError', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ENOTFOUND', 'name'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['CERT_HAS_EXPIRED', 'certificate'],
    ['UNABLE_TO_GET_CRL', 'certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls'],
    ['EWHATEVER', 'network'],
  ])('%s is a failure of the kind %s', (code, cause) => {
    const error = connectionError(
      Object.assign(new Error('planted'), { code }),
    );
    expect(clusterFailureOf(error)).toEqual({ cause, code });
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).not.toContain('planted');
  });

  it('looks at what several addresses answered', () => {
    const one = Object.assign(new Error('one'), { code: 'ECONNREFUSED' });
    const error = connectionError(new AggregateError([one]));
    expect(clusterFailureOf(error)?.cause).toBe('refused');
  });
});
