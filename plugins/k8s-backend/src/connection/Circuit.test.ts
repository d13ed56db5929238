import { ServiceUnavailableError } from '@backstage/errors';
import { answerError, clusterFailureOf } from '../errors/clusterErrors';
import { timeoutError } from '../errors/connectionErrors';
import { Circuit } from './Circuit';

const fail = (error: Error) => async () => {
  throw error;
};

async function failures(circuit: Circuit, error: Error, count: number) {
  for (let n = 0; n < count; n++) {
    await expect(circuit.run(fail(error))).rejects.toBe(error);
  }
}

describe('Circuit', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('opens after three failures in a row and then does no work', async () => {
    const onChange = jest.fn();
    const circuit = new Circuit({ onChange });
    await failures(circuit, timeoutError(), 3);
    expect(circuit.isOpen).toBe(true);
    expect(onChange).toHaveBeenCalledTimes(1);
    const work = jest.fn();
    const error: unknown = await circuit.run(work).catch(thrown => thrown);
    expect(error).toBeInstanceOf(ServiceUnavailableError);
    expect(clusterFailureOf(error)?.cause).toBe('circuit');
    expect(String(error)).toMatch(/did not answer in time/);
    expect(work).not.toHaveBeenCalled();
  });

  it('counts only failures in a row', async () => {
    const circuit = new Circuit();
    await failures(circuit, timeoutError(), 2);
    await circuit.run(async () => 'answer');
    await failures(circuit, timeoutError(), 2);
    expect(circuit.isOpen).toBe(false);
  });

  it.each([400, 401, 403, 404, 409, 410, 422, 429, 500, 503])(
    'stays closed whatever the API server answers (%d)',
    async status => {
      const circuit = new Circuit();
      await failures(circuit, answerError({ status, body: '{}' }), 10);
      expect(circuit.isOpen).toBe(false);
    },
  );

  it('lets one request through after a pause, and the others fail at once meanwhile', async () => {
    const circuit = new Circuit();
    await failures(circuit, timeoutError(), 3);
    jest.advanceTimersByTime(11_000);
    let answer = (_: string) => {};
    const probe = circuit.run(
      () =>
        new Promise<string>(resolve => {
          answer = resolve;
        }),
    );
    const other = jest.fn();
    await expect(circuit.run(other)).rejects.toThrow(/tried again soon/);
    expect(other).not.toHaveBeenCalled();
    answer('back');
    expect(await probe).toBe('back');
    expect(circuit.isOpen).toBe(false);
    expect(await circuit.run(async () => 'again')).toBe('again');
  });

  it('lets health checks through; an answer of any kind closes it', async () => {
    const onChange = jest.fn();
    const circuit = new Circuit({ onChange });
    await failures(circuit, timeoutError(), 3);
    const failing = circuit.run(fail(timeoutError()), { probe: true });
    await expect(failing).rejects.toThrow(/in time/);
    expect(circuit.isOpen).toBe(true);
    const refused = answerError({ status: 401, body: '' });
    await expect(circuit.run(fail(refused), { probe: true })).rejects.toBe(
      refused,
    );
    expect(circuit.isOpen).toBe(false);
    expect(onChange).toHaveBeenCalledTimes(2);
  });
});
