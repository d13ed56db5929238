import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { Resolver as DnsResolver } from 'node:dns/promises';
import { decode, encode } from 'dns-packet';
import type { Resolver } from '../AddressGuard';

/** A name server on loopback that answers each question for an IPv4 address with what the test says by then. */
export class TestNameServer {
  questions = 0;
  readonly #socket: Socket;

  private constructor(answer: (question: number) => string[]) {
    this.#socket = createSocket('udp4', (message, from) => {
      const packet = decode(message);
      const [question] = packet.questions ?? [];
      const addresses = question?.type === 'A' ? answer(++this.questions) : [];
      const reply = encode({
        type: 'response',
        id: packet.id,
        questions: packet.questions,
        answers: addresses.map(data => ({
          type: 'A' as const,
          name: question.name,
          ttl: 0,
          data,
        })),
      });
      this.#socket.send(reply, from.port, from.address);
    });
  }

  /** @param answer - the addresses for the nth question, counted from 1 */
  static async start(
    answer: (question: number) => string[],
  ): Promise<TestNameServer> {
    const made = new TestNameServer(answer);
    await new Promise<void>(resolve => {
      made.#socket.bind(0, '127.0.0.1', resolve);
    });
    return made;
  }

  /** Looks names up at this server, without any cache. */
  get resolver(): Resolver {
    const resolver = new DnsResolver({ timeout: 1000, tries: 1 });
    resolver.setServers([`127.0.0.1:${this.#socket.address().port}`]);
    return async host => {
      const addresses = await resolver.resolve4(host);
      return addresses.map(address => ({ address, family: 4 }));
    };
  }

  async stop(): Promise<void> {
    await new Promise<void>(resolve => {
      this.#socket.close(resolve);
    });
  }
}
