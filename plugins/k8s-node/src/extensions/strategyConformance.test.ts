import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type {
  ClusterAuthenticationStrategy,
  CredentialRequest,
} from './ClusterAuthentication';
import { strategyConformance } from './strategyConformance';

const SECRET = 'open-sesame';
let porter: 'answers' | 'refuses' | 'sleeps';

const PORTER: ClusterAuthenticationStrategy = {
  id: 'porter',
  title: { en: 'Porter' },
  fields: [
    { name: 'gate', title: { en: 'Gate' } },
    { name: 'password', title: { en: 'Password' }, secret: true },
  ],
  read(fields, { label: called }) {
    for (const [name, text] of Object.entries(fields)) {
      if (!/^[a-z-]+$/.test(text)) throw new InputError(`${called(name)} odd`);
    }
    return { ...fields };
  },
  async credential({ fields, signal }: CredentialRequest) {
    if (porter === 'refuses') throw new ServiceUnavailableError('Not today');
    if (porter === 'sleeps') {
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    }
    return { token: `for-${fields.gate}` };
  },
};

/** Names of the cases that a strategy does not pass. */
async function failuresOf(changes: Partial<ClusterAuthenticationStrategy>) {
  const cases = strategyConformance({
    strategy: () => ({ ...PORTER, ...changes }),
    fields: () => ({ gate: 'north', password: SECRET }),
    refuse: () => {
      porter = 'refuses';
    },
    silence: () => {
      porter = 'sleeps';
    },
  });
  const failed: string[] = [];
  for (const { name, run } of cases) {
    porter = 'answers';
    await run().catch(() => failed.push(name));
  }
  return failed;
}

it('is passed by what does as it should', async () => {
  expect(await failuresOf({})).toEqual([]);
});

const SAYS_WHY = 'says why there is none, without its secrets';
const MAKES = [
  'makes a credential, before and after the cluster is registered',
  'makes one for several clusters at a time',
];
it.each<[string, Partial<ClusterAuthenticationStrategy>, string[]]>([
  ['has no title', { title: { en: '' } }, ['can be stored and shown']],
  [
    'stores what is no field of it',
    { read: fields => ({ ...fields, more: 'x' }) },
    ['stores texts of its own fields, at once'],
  ],
  [
    'shows what was given',
    {
      read: ({ gate, ...others }) => {
        if (gate !== 'north') throw new InputError(`fields.gate: ${gate}?`);
        return { gate, ...others };
      },
    },
    ['says which field is wrong, and shows nothing of it'],
  ],
  ['makes nothing', { credential: async () => ({ token: '' }) }, [...MAKES]],
  [
    'shows a secret',
    {
      credential: async request => {
        if (porter !== 'refuses') return PORTER.credential(request);
        throw new ServiceUnavailableError(`Not with ${SECRET}`);
      },
    },
    [SAYS_WHY],
  ],
  [
    'fails in words that nobody is shown',
    {
      credential: async request => {
        if (porter !== 'refuses') return PORTER.credential(request);
        throw new TypeError('undefined is no function');
      },
    },
    [SAYS_WHY],
  ],
  [
    'writes into what is stored',
    {
      credential: async ({ fields }) => {
        (fields as Record<string, string>).gate = 'south';
        return { token: 't' };
      },
    },
    [...MAKES, SAYS_WHY],
  ],
])('is not passed by what %s', async (_, changes, failed) => {
  expect(await failuresOf(changes)).toEqual(expect.arrayContaining(failed));
});

it('is not passed by what goes on when it is told to give up', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  try {
    const failed = failuresOf({
      credential: request =>
        porter === 'sleeps'
          ? new Promise<never>(() => {})
          : PORTER.credential(request),
    });
    const told = jest.fn();
    failed.then(told);
    while (told.mock.calls.length === 0) {
      await jest.advanceTimersByTimeAsync(1_000);
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(await failed).toEqual(['gives up when it is told to']);
  } finally {
    jest.useRealTimers();
  }
});
