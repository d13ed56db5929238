/** Our own strategies do what every strategy does. */
import { strategyConformance } from '@backstage-k8s/plugin-k8s-node';
import { testAuthority } from '../connection/__testUtils__/certificates';
import { clientCertificateStrategy } from './clientCertificateStrategy';
import { tokenStrategy } from './tokenStrategy';

describe('a token', () => {
  const cases = strategyConformance({
    strategy: () => tokenStrategy,
    fields: () => ({ token: 'planted-token' }),
  });
  it.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe('a client certificate', () => {
  let fields: Record<string, string>;
  beforeAll(async () => {
    const authority = await testAuthority();
    const { certificate, key } = await authority.sign({ name: 'portal' });
    fields = { clientCertificate: certificate, clientKey: key };
  });
  const cases = strategyConformance({
    strategy: () => clientCertificateStrategy,
    fields: () => fields,
  });
  it.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});
