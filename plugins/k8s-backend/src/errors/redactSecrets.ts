/**
 * A last net under messages that come from elsewhere (an API server, a library, a database) before they are logged, kept or
 * answered. Code of ours never puts a secret into a message to begin with.
 */
const SECRETS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g, '[PEM]'],
  [/\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g, '[token]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [secret]'],
  [
    /((?:token|password|passwd|secret|client-?key(?:-data)?|api-?key|authorization)["']?\s*[:=]\s*["']?)[^\s"',;&}]+/gi,
    '$1[secret]',
  ],
  [/(:\/\/[^\s:/@]+:)[^\s@/]+@/g, '$1[secret]@'],
];
/**
 * Long runs of base64 are keys, certificates and tokens of other formats; names and image digests are shorter or hex. In two steps,
 * since one expression for both takes time that grows with the square of a run.
 */
const LONG_RUN = /[\w+/-]{80,}={0,2}/g;
const MORE_THAN_HEX = /[G-Zg-z]/;

/** A message without what looks like a secret, at most `maximumLength` characters. */
export function redactSecrets(text: string, maximumLength = 1000): string {
  // Shortened first, generously, so that no expression works on megabytes.
  const bounded = text.slice(0, maximumLength * 8);
  const clean = SECRETS.reduce(
    (current, [pattern, replacement]) => current.replace(pattern, replacement),
    bounded,
  ).replace(LONG_RUN, run => (MORE_THAN_HEX.test(run) ? '[data]' : run));
  return clean.length <= maximumLength
    ? clean
    : `${clean.slice(0, maximumLength - 1)}…`;
}
