/** Words that are written in capitals. */
const CAPITALS = [
  ...['api', 'ca', 'cidr', 'cpu', 'csi', 'dns', 'gid', 'gpu', 'grpc', 'http'],
  ...['https', 'id', 'ip', 'ipc', 'nfs', 'os', 'pid', 'rbd', 'sctp', 'ssh'],
  ...['ssl', 'tcp', 'tls', 'tty', 'udp', 'uid', 'uri', 'url', 'uuid', 'yaml'],
];

/** A field's name for people: `containerPort` is `Container port`, `hostIP` is `Host IP`. */
export function fieldTitle(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter(Boolean);
  const title = words
    .map(word => {
      const lower = word.toLowerCase();
      return CAPITALS.includes(lower) ? lower.toUpperCase() : lower;
    })
    .join(' ');
  return `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
}
