import { totalmem } from 'node:os';
import { mockServices } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { readK8sConfig } from './readK8sConfig';

const read = (data: JsonObject) =>
  readK8sConfig(mockServices.rootConfig({ data }));

describe('readK8sConfig', () => {
  it.each<[string, JsonObject]>([
    ['integration.timeout', { integration: { timeout: 0 } }],
    ['integration.timeout', { integration: { timeout: '30s' } }],
    ['resource.defaults.cpu', { resource: { defaults: { cpu: 'much' } } }],
    ['resource.defaults.memory', { resource: { defaults: { memory: 0 } } }],
    ['logging.level', { logging: { level: 'loud' } }],
    ['cache.memory', { cache: { memory: 'half' } }],
    ['cache.memory', { cache: { memory: '1Mi' } }],
    ['audit.retentionDays', { audit: { retentionDays: -1 } }],
    ['history.kinds.0', { history: { kinds: ['apps/deployments'] } }],
    ['history.kinds.1', { history: { kinds: ['secrets', 'pods'] } }],
    [
      'history.kinds',
      {
        history: { kinds: Array.from({ length: 21 }, (_, at) => `kind${at}`) },
      },
    ],
    [
      'permission.services.0.role',
      { permission: { services: [{ subject: 'a', role: 'K8sClusterOwner' }] } },
    ],
    [
      'permission.services.0.subject',
      { permission: { services: [{ role: 'K8sViewer' }] } },
    ],
    [
      'permission.services.0',
      {
        permission: {
          services: [{ subject: 'a', role: 'K8sViewer', cluster: 'x' }],
        },
      },
    ],
    ['addresses.proxy.url', { addresses: { proxy: {} } }],
    ['addresses.proxy', { addresses: { proxy: 'http://a.test' } }],
    [
      'addresses.proxy',
      { addresses: { proxy: { url: 'http://a.test', username: 'portal' } } },
    ],
    [
      'addresses.proxy',
      { addresses: { proxy: { url: 'http://a.test', token: 'x' } } },
    ],
    ...[
      'a.test:3128',
      'socks5://a.test',
      'http://a.test/path',
      'http://a.test?x',
      'http://user:secret@a.test',
    ].map((url): [string, JsonObject] => [
      'addresses.proxy.url',
      { addresses: { proxy: { url } } },
    ]),
  ])('names %s when it is wrong', (key, k8s) => {
    expect(() => read({ k8s })).toThrow(`k8s.${key} `);
  });

  it('does not repeat a password that stands in the wrong place', () => {
    const url = 'http://user:planted-secret@a.test';
    let message = '';
    try {
      read({ k8s: { addresses: { proxy: { url } } } });
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/without user and password/);
    expect(message).not.toContain('planted-secret');
  });

  it('reads the proxy, with and without credentials', () => {
    const url = 'http://proxy.example.com:3128';
    const proxy = (settings: JsonObject) =>
      read({ k8s: { addresses: { proxy: { url, ...settings } } } }).network
        .proxy;
    expect(proxy({})).toEqual({ url, direct: [] });
    expect(
      proxy({ username: 'a', password: 'b', direct: ['10.0.0.0/8'] }),
    ).toEqual({
      url,
      credentials: { username: 'a', password: 'b' },
      direct: ['10.0.0.0/8'],
    });
  });

  it('has a default for everything, the careful one where there is one', () => {
    expect(read({})).toEqual({
      permissionEnabled: false,
      services: [],
      integrationTimeoutMs: 30_000,
      resourceDefaults: { cpu: '100m', memory: '256Mi' },
      logLevel: 'info',
      auditRetentionDays: 365,
      eventRetentionDays: 7,
      historyRetentionDays: 7,
      historyKinds: [],
      network: { allow: [], proxy: undefined },
      cacheWorkers: expect.any(Number),
      cacheMemoryBytes: expect.any(Number),
      impersonation: { userPrefix: 'backstage:', groupPrefix: 'backstage:' },
      validateAnswers: true,
      developmentClustersFile: undefined,
    });
  });

  it('lets the cache have what is said, else a part of what there is', () => {
    const bytes = (cache: JsonObject) =>
      read({ k8s: { cache } }).cacheMemoryBytes;
    expect(bytes({ memory: '512Mi' })).toBe(512 * 1024 * 1024);
    expect(bytes({})).toBeGreaterThanOrEqual(16 * 1024 * 1024);
    expect(bytes({})).toBeLessThan(totalmem());
  });

  it('always keeps the history of the kinds that are said, and of none where none is kept', () => {
    const kinds = (history: JsonObject) =>
      read({ k8s: { history } }).historyKinds;
    expect(
      kinds({ kinds: ['configmaps', 'gateways.gateway.networking.k8s.io'] }),
    ).toEqual([
      { group: '', plural: 'configmaps' },
      { group: 'gateway.networking.k8s.io', plural: 'gateways' },
    ]);
    expect(kinds({ retentionDays: 0, kinds: ['configmaps'] })).toEqual([]);
  });

  it('leaves keys of other parts alone', () => {
    const k8s = {
      encryption: { keys: [] },
      permission: {
        bindings: [],
        services: [
          {
            subject: 'external:ci',
            role: 'K8sOperator',
            clusters: { matchLabels: { environment: 'test' } },
          },
        ],
      },
      integration: { timeout: 5 },
    };
    expect(read({ k8s, permission: { enabled: true } })).toMatchObject({
      permissionEnabled: true,
      integrationTimeoutMs: 5_000,
      services: [
        {
          subject: 'external:ci',
          role: 'K8sOperator',
          matchLabels: { environment: 'test' },
        },
      ],
    });
  });
});
