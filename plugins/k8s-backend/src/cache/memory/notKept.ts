/** For people: why the rows of a kind do not follow its changes. */
export function notKept(plural: string): string {
  return `The portal has no memory left to follow ${plural} of this cluster; their table is still read from the API server. An administrator can raise k8s.cache.memory`;
}
