import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { InputError, NotFoundError, ResponseError } from '@backstage/errors';
import { REMEMBERED_MS } from '../access/DecisionMemory';
import { requestContext } from '../router/__testUtils__/requestContext';
import { ServiceAnnotations } from './ServiceAnnotations';

const REF = 'component:default/payments';
const ID = 'backstage.io/kubernetes-id';
const readsWholeCatalog = jest.fn();
const getEntityByRef = jest.fn();
let annotations: ServiceAnnotations;

const entity = (values: Record<string, string>) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'payments', annotations: values },
});
const joe = () => requestContext({ user: 'user:default/joe' });
const later = () => jest.advanceTimersByTime(REMEMBERED_MS);

beforeEach(() => {
  jest.useFakeTimers();
  jest.resetAllMocks();
  readsWholeCatalog.mockResolvedValue(false);
  getEntityByRef.mockResolvedValue(entity({ [ID]: 'pay' }));
  annotations = new ServiceAnnotations({
    auth: mockServices.auth(),
    access: { readsWholeCatalog },
    catalog: { getEntityByRef },
    logger: mockServices.logger.mock(),
  });
});

afterEach(() => {
  jest.useRealTimers();
});

it('are those that say where workloads are, and no empty ones', async () => {
  const values = { [ID]: 'pay', 'backstage.io/kubernetes-namespace': '' };
  getEntityByRef.mockResolvedValue(entity({ ...values, other: 'x' }));
  expect(await annotations.of('payments', requestContext())).toEqual({
    [ID]: 'pay',
  });
});

it('are read as each reader, once for all that the reader has open', async () => {
  const context = requestContext();
  await Promise.all([
    annotations.of(REF, context),
    annotations.of('payments', context),
    annotations.of(REF, joe()),
  ]);
  expect(getEntityByRef.mock.calls).toEqual([
    [REF, { credentials: context.credentials }],
    [REF, { credentials: joe().credentials }],
  ]);
});

it('are read once, as the portal, for all who may read the whole catalog', async () => {
  readsWholeCatalog.mockResolvedValue(true);
  const rights = { since: performance.now() };
  await Promise.all([
    annotations.of(REF, requestContext()),
    annotations.of(REF, { ...joe(), rights }),
  ]);
  expect(getEntityByRef.mock.calls).toEqual([
    [REF, { credentials: mockCredentials.service('plugin:test') }],
  ]);
});

it('are hidden from who may no longer read the whole catalog, whatever is remembered for others', async () => {
  readsWholeCatalog.mockResolvedValue(true);
  await annotations.of(REF, requestContext());
  readsWholeCatalog.mockResolvedValue(false);
  getEntityByRef.mockResolvedValue(undefined);
  await expect(annotations.of(REF, requestContext())).rejects.toThrow(
    NotFoundError,
  );
});

it('are read again after seconds, and at once for who has to know it anew', async () => {
  await annotations.of(REF, requestContext());
  getEntityByRef.mockResolvedValue(undefined);
  await expect(annotations.of(REF, requestContext())).resolves.toBeDefined();
  const rights = { since: performance.now() + 1 };
  await expect(
    annotations.of(REF, { ...requestContext(), rights }),
  ).rejects.toThrow(NotFoundError);
  later();
  await expect(annotations.of(REF, requestContext())).rejects.toThrow(
    NotFoundError,
  );
});

it('stay while the catalog is away', async () => {
  await annotations.of(REF, requestContext());
  getEntityByRef.mockRejectedValue(new Error('away'));
  later();
  expect(await annotations.of(REF, requestContext())).toEqual({ [ID]: 'pay' });
  await expect(annotations.of('other', requestContext())).rejects.toThrow(
    'away',
  );
});

it('tell a name that no entity can have from a catalog that is away', async () => {
  const failure = async (status: number) =>
    ResponseError.fromResponse(new Response('{}', { status }));
  getEntityByRef.mockRejectedValueOnce(await failure(400));
  await expect(annotations.of('no-name', requestContext())).rejects.toThrow(
    InputError,
  );
  getEntityByRef.mockRejectedValueOnce(await failure(503));
  await expect(annotations.of('away', requestContext())).rejects.toMatchObject({
    name: 'ResponseError',
  });
  await expect(annotations.of('::', requestContext())).rejects.toThrow(
    InputError,
  );
});
