import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { allowedOrigins } from './allowedOrigins';

const of = (config: JsonObject) => [
  ...allowedOrigins(new ConfigReader(config)),
];

it('names the origins of the portal’s pages, without paths', () => {
  expect(
    of({
      app: { baseUrl: 'https://portal.example/app/' },
      backend: {
        baseUrl: 'https://api.example:7007/x',
        cors: { origin: ['http://localhost:3000', 'https://portal.example'] },
      },
    }),
  ).toEqual([
    'https://portal.example',
    'https://api.example:7007',
    'http://localhost:3000',
  ]);
  expect(of({ backend: { cors: { origin: 'http://one.example' } } })).toEqual([
    'http://one.example',
  ]);
});

it('takes no pattern and nothing that is no origin', () => {
  expect(
    of({
      backend: { cors: { origin: ['https://*.example', 'text', true, '*'] } },
    }),
  ).toEqual([]);
  expect(of({ backend: { cors: false } })).toEqual([]);
  expect(of({})).toEqual([]);
});
