import { CONFIG_MAPS, configMap } from '../cache/__testUtils__/objects';
import { HeldObjects } from './HeldObjects';

const EVENTS = { ...CONFIG_MAPS, plural: 'events' };
const data = { text: 'x'.repeat(1_000) };

describe('HeldObjects', () => {
  it('refuses more than its bytes, and says what to do', () => {
    const held = new HeldObjects(CONFIG_MAPS, { mostBytes: 10_000 });
    for (let index = 0; index < 5; index += 1) {
      held.add(configMap(`object-${index}`, 1, { data }));
    }
    const more = () => {
      for (let index = 5; index < 20; index += 1) {
        held.add(configMap(`object-${index}`, 1, { data }));
      }
    };
    expect(more).toThrow('k8s.cache.memory');
  });

  it('keeps the newest where that is enough, whatever the order, and no more than twice as many', () => {
    const held = new HeldObjects(EVENTS, { newest: 5, mostBytes: 20_000 });
    for (let index = 0; index < 100; index += 1) {
      const version = ((index * 37) % 100) + 1;
      held.add(configMap(`event-${index}`, version, { data }));
    }
    const versions = held
      .take()
      .map(({ metadata }) => Number(metadata.resourceVersion));
    expect(versions.sort((one, other) => one - other)).toEqual([
      96, 97, 98, 99, 100,
    ]);
  });
});
