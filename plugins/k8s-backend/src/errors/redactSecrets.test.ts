import { redactSecrets } from './redactSecrets';

const TOKEN = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(30)}.${'b'.repeat(30)}`;

it.each([
  [`Bearer ${TOKEN}`, TOKEN],
  [`the token ${TOKEN} is refused`, TOKEN],
  ['Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['{"token":"s3cret","name":"x"}', 's3cret'],
  ['password=s3cret&x=1', 's3cret'],
  ['client-key-data: s3cret', 's3cret'],
  ['postgres://user:s3cret@host/db', 's3cret'],
  [
    '-----BEGIN PRIVATE KEY-----\nMIIs3cret\n-----END PRIVATE KEY-----',
    's3cret',
  ],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIs3cret', 's3cret'],
  [`key ${'MIIEvQIBADANBgkqhkiG'.repeat(6)} end`, 'MIIEvQIBADAN'],
])('takes the secret out of case %#', (text, secret) => {
  expect(redactSecrets(text)).not.toContain(secret);
});

it('leaves what people have to read', () => {
  const message =
    'Deployment "payments" in namespace "shop" wants registry.example.org/shop/payments@sha256:' +
    `${'0123456789abcdef'.repeat(4)}; secrets "tls" not found`;
  expect(redactSecrets(message)).toBe(message);
});

it('is done with megabytes at once, and short', () => {
  const result = redactSecrets(`${'a-'.repeat(2_000_000)}`, 100);
  expect(result).toHaveLength(100);
});

it('takes no longer for long runs that are no secret than for others', () => {
  const digits = '0123456789abcdef'.repeat(500);
  expect(redactSecrets(digits, 8_000)).toBe(digits);
  expect(redactSecrets(`${digits}Z`, 9_000)).toBe('[data]');
});
