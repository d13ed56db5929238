const IPV4_LOOPBACK = /^127(\.\d{1,3}){3}$/;

/**
 * Whether an address is one of this machine only: a host name of a URL as `URL` writes it, or the address of a socket.
 */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1').replace(/^::ffff:/, '');
  return (
    address === 'localhost' || address === '::1' || IPV4_LOOPBACK.test(address)
  );
}

/** Whether a URL names this machine only; what is not a URL does not. */
export function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}
