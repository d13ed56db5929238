import { clusterFailureOf } from '../errors/clusterErrors';
import { AddressGuard } from './AddressGuard';
import { hostOf } from './KubeAgent';

const REFUSED = [
  ['loopback', '127.0.0.1'],
  ['all of loopback', '127.255.255.254'],
  ['loopback, IPv6', '::1'],
  ['loopback, IPv4-mapped', '::ffff:127.0.0.1'],
  ['loopback, IPv4-mapped in hex', '::ffff:7f00:1'],
  ['loopback, IPv4-compatible', '::127.0.0.1'],
  ['loopback, NAT64', '64:ff9b::7f00:1'],
  ['loopback, 6to4', '2002:7f00:1::'],
  ['link-local', '169.254.1.1'],
  ['link-local, IPv6', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['metadata', '169.254.169.254'],
  ['metadata, IPv4-mapped', '::ffff:169.254.169.254'],
  ['metadata, IPv6', 'fd00:ec2::254'],
  ['metadata, Azure', '168.63.129.16'],
  ['private 10', '10.1.2.3'],
  ['private 172', '172.16.0.1'],
  ['private 192', '192.168.1.1'],
  ['unique local', 'fc00::1'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['multicast', '224.0.0.1'],
  ['multicast, IPv6', 'ff02::1'],
  ['unspecified', '0.0.0.0'],
  ['unspecified range', '0.1.2.3'],
  ['unspecified, IPv6', '::'],
  ['broadcast', '255.255.255.255'],
  ['documentation', '192.0.2.1'],
  ['site-local', 'fec0::1'],
  ['outside of global unicast', '4000::1'],
  ['no address', 'example.com'],
  ['nothing', ''],
] as const;

describe('AddressGuard', () => {
  it.each(REFUSED)('refuses %s (%s)', (_, address) => {
    const guard = new AddressGuard();
    let thrown: unknown;
    try {
      guard.check(address);
    } catch (error) {
      thrown = error;
    }
    expect(clusterFailureOf(thrown)?.cause).toBe('address');
  });

  it.each(['93.184.216.34', '2606:2800:220:1::1', '::ffff:93.184.216.34'])(
    'lets the public address %s through',
    address => {
      expect(() => new AddressGuard().check(address)).not.toThrow();
    },
  );

  // What a URL may hold: all of these are 127.0.0.1 or ::1.
  it.each([
    'https://127.0.0.1:6443',
    'https://2130706433',
    'https://0x7f000001',
    'https://0x7f.1',
    'https://0177.0.0.1',
    'https://127.1',
    'https://127.0.0.1.:6443',
    'https://[::1]:6443',
    'https://[::ffff:127.0.0.1]',
    'https://[0:0:0:0:0:ffff:7f00:0001]',
    'https://127。0。0。1',
  ])('refuses loopback spelled %s', async server => {
    const guard = new AddressGuard();
    await expect(guard.addresses(hostOf(server))).rejects.toThrow(
      /of this machine itself/,
    );
  });

  it('refuses a name when only one of its addresses is not allowed', async () => {
    const guard = new AddressGuard({
      resolve: async () => [
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ],
    });
    await expect(guard.addresses('mixed.example.com')).rejects.toThrow(
      /private/,
    );
  });

  // Whether names like `localhost.` resolve at all differs from machine to machine.
  it.each(['localhost', 'localhost.'])('answers nothing for %s', async name => {
    await expect(new AddressGuard().addresses(name)).rejects.toThrow();
  });

  it("opens the operator's ranges, and no more than those", () => {
    const guard = new AddressGuard({ allow: ['10.20.0.0/16', 'fd12::/32'] });
    expect(() => guard.check('10.20.255.255')).not.toThrow();
    expect(() => guard.check('::ffff:10.20.0.1')).not.toThrow();
    expect(() => guard.check('fd12:0:1::1')).not.toThrow();
    expect(() => guard.check('10.21.0.1')).toThrow(/private/);
    expect(() => guard.check('fd13::1')).toThrow(/private/);
  });

  it('keeps metadata services closed in an opened range', () => {
    const guard = new AddressGuard({ allow: ['169.254.0.0/16', 'fd00::/8'] });
    expect(() => guard.check('169.254.1.1')).not.toThrow();
    expect(() => guard.check('169.254.169.254')).toThrow(/metadata/);
    expect(() => guard.check('fd00:ec2::254')).toThrow(/metadata/);
    expect(() => guard.check('fd00:ec2::23')).toThrow(/metadata/);
    expect(() => guard.check('169.254.170.23')).toThrow(/metadata/);
  });

  it.each([
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '::a9fe:a9fe',
    '::ffff:a9fe:a9fe',
    'fe80::a9fe:a9fe%eth0',
  ])('keeps them closed where %s leads to one, also when all is opened', to => {
    const guard = new AddressGuard({ allow: ['0.0.0.0/0', '::/0'] });
    expect(() => guard.check(to)).toThrow(/metadata/);
    // What is beside it is the operator's business.
    expect(() => guard.check('64:ff9b::a9fe:a9fd')).not.toThrow();
    expect(() => guard.check('2001:a9fe:a9fe::1')).not.toThrow();
  });

  it.each(['10.0.0.0', '10.0.0.0/33', 'localhost', ''])(
    'refuses the range %s at start',
    range => {
      expect(() => new AddressGuard({ allow: [range] })).toThrow(
        /k8s\.addresses\.allow/,
      );
    },
  );
});
