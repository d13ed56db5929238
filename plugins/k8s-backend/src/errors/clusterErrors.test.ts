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

  it('names the fields that others own', () => {
    const field = '.spec.replicas';
    const message = 'conflict with "kubectl" using apps/v1';
    const error = answerError({
      status: 409,
      body: status('Apply failed with 1 conflict', {
        causes: [{ reason: 'FieldManagerConflict', field, message }],
      }),
    });
    expect(hintsOf(error).details).toEqual({ fields: [{ field, message }] });
    const other = answerError({ status: 409, body: status('it exists') });
    expect(hintsOf(other).details).toBeUndefined();
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
    [{ retryAfter: 'Wed, 21 Oct 2015 07:28:00 GMT' }, undefined],
    [{ retryAfter: 'soon' }, undefined],
    [{ retryAfter: '-1' }, undefined],
  ])('keeps the wait of %j', (answer, seconds) => {
    const error = answerError({ status: 429, body: '', ...answer });
    expect(hintsOf(error).retryAfterSeconds).toBe(seconds);
  });

  it('takes a date for when to try again', () => {
    jest.useFakeTimers({ now: Date.parse('2026-10-21T07:27:00Z') });
    try {
      const error = answerError({
        status: 429,
        body: '',
        retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT',
      });
      expect(hintsOf(error).retryAfterSeconds).toBe(60);
    } finally {
      jest.useRealTimers();
    }
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

  it('says why a patched object cannot be read, and nothing of the object', () => {
    const secret = 'cGxhbnRlZC1odW50ZXIy';
    const object = JSON.stringify({ data: { password: secret, x: 5 } });
    const echo = `Invalid value: ${JSON.stringify(object)}`;
    const why =
      'json: cannot unmarshal number into Go struct field Secret.data of type string';
    for (const [reason, message] of [
      [`: ${why}`, 'data has to be string, not number'],
      [
        ': strict decoding error: unknown field "spec.replicaas", unknown field "x"',
        'unknown field "spec.replicaas", unknown field "x"',
      ],
      ['', 'The object would not be valid'],
    ]) {
      const error = answerError({
        status: 422,
        body: status(` "" is invalid: patch: ${echo}${reason}`, {
          causes: [{ field: 'patch', message: `${echo}${reason}` }],
        }),
      });
      expect(error.name).toBe('InputError');
      expect(error.message).toBe(message);
      expect(JSON.stringify(hintsOf(error))).not.toContain(secret);
    }
    const cut = status(` "" is invalid: patch: ${echo.slice(0, -3)}`);
    expect(answerError({ status: 422, body: cut }).message).not.toContain(
      secret,
    );
  });

  it.each([
    [
      400,
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      'spec.replicas has to be int32, not string',
    ],
    [
      400,
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replicaas"',
      'unknown field "spec.replicaas"',
    ],
    [
      500,
      'failed to create typed patch object (/q; apps/v1, Kind=Deployment): .spec.replicaas: field not declared in schema',
      '.spec.replicaas: field not declared in schema',
    ],
    [
      500,
      'failed to create typed patch object (/s; /v1, Kind=Secret): .data: expected map, got &{planted}',
      '.data: expected map',
    ],
    [
      500,
      'failed to convert new object (/s; /v1, Kind=Secret) to proper version: unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 0',
      'illegal base64 data at input byte 0',
    ],
  ])('%d: %s is the fault of what was sent', (code, said, message) => {
    const error = answerError({ status: code, body: status(said) });
    expect(error.name).toBe('InputError');
    expect(error.message).toBe(message);
  });

  it.each([
    '',
    'not json',
    '[]',
    'null',
    '{"message":7}',
    '{"details":1}',
    '{"details":{"causes":[null]}}',
  ])('makes an error of the body %s', body => {
    for (const code of [400, 403, 404, 409, 422, 500]) {
      expect(answerError({ status: code, body }).message).not.toBe('');
    }
  });
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
