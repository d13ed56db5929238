import { mockServices } from '@backstage/backend-test-utils';
import { LevelLogger } from './LevelLogger';

it('leaves out what is below its level, in children too', () => {
  const child = mockServices.logger.mock();
  const target = mockServices.logger.mock({ child: () => child });
  const logger = new LevelLogger(target, 'warn');
  for (const one of [logger, logger.child({ cluster: 'c1' })]) {
    one.debug('debug');
    one.info('info');
    one.warn('warn', { cluster: 'c1' });
    one.error('error');
  }
  for (const seen of [target, child]) {
    expect(seen.debug).not.toHaveBeenCalled();
    expect(seen.info).not.toHaveBeenCalled();
    expect(seen.warn).toHaveBeenCalledWith('warn', { cluster: 'c1' });
    expect(seen.error).toHaveBeenCalledWith('error', undefined);
  }
});
