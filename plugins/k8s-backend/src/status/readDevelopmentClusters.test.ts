import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { readDevelopmentClusters } from './readDevelopmentClusters';

const logger = mockServices.logger.mock();
const folder = createMockDirectory();
const ENTRY = {
  name: 'dev-eu',
  state: 'building',
  since: '2026-01-01T00:00:00.000Z',
  message: 'Kubernetes is being built',
};

const read = (text: string) => {
  folder.setContent({ 'clusters.json': text });
  return readDevelopmentClusters(folder.resolve('clusters.json'), { logger });
};

beforeEach(() => jest.clearAllMocks());

it.each([
  '',
  '{',
  '{}',
  '[{"name":"x","state":"dancing"}]',
  '[{"name":"","state":"ready"}]',
  JSON.stringify([{ ...ENTRY, since: 'yesterday' }]),
  JSON.stringify(Array(101).fill(ENTRY)),
])('case %# is not shown, but logged', async text => {
  expect(await read(text)).toEqual([]);
  expect(logger.warn).toHaveBeenCalledTimes(1);
});

it('without a file, or before it is there, there are none', async () => {
  expect(await readDevelopmentClusters(undefined, { logger })).toEqual([]);
  const file = folder.resolve('not-there.json');
  expect(await readDevelopmentClusters(file, { logger })).toEqual([]);
  expect(logger.warn).not.toHaveBeenCalled();
});

it('shows what the starter says, and nothing else', async () => {
  const text = JSON.stringify([{ ...ENTRY, kubeconfig: 'secret' }]);
  expect(await read(text)).toEqual([ENTRY]);
});
