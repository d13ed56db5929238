/**
 * What is to be said of figures that numbers alone do not say: why a goal is missed, and what was tried. By the beginning of their
 * ids. Written by people who looked; a remark about a goal that is met is not printed.
 */
export const REMARKS: readonly { ids: RegExp; text: string }[] = [
  {
    ids: /^W6\.impersonation$/,
    text: 'An access review counts for 6.5 s, since a right that is lost in the cluster has to end a stream within ten seconds, and a look comes up to 1.9 s after that. Both goals at once would need looks that come just when a review ends.',
  },
  {
    ids: /^W6\.cpu/,
    text: 'A look at the rights of a page is one question to the policy every 8 s: a token that is signed, checked by two plugins, and the groups of its user, by HTTP within one process. It was four requests every 4 s before.',
  },
  {
    ids: /^W4\..*of\.1$/,
    text: 'One cluster is answered in little more than the cheapest request takes, from a view that is there; a hundred are a hundred views and a hundred times the rows to send: the less the one costs, the further away is this goal.',
  },
  {
    ids: /^W10\.logs$/,
    text: 'Not looked into yet.',
  },
  {
    ids: /^start\./,
    text: 'With a thousand pods the raw lists take hardly longer than what is done once for a cluster: finding its kinds, a connection for each watch, and 62 lists of which two at a time are read so that other clusters are not kept waiting.',
  },
  {
    ids: /^memory$/,
    text: 'It is all memory that the process has taken since it knew no cluster, divided by the pods: also what a hundred clusters cost whatever they hold (connections, watches, kinds), and what the garbage collector has not given back. Row and body of a pod, measured alone over 20,000 pods, take 1.4 KiB (3.9 before blocks of bodies were copied to their size).',
  },
  {
    ids: /^idle$/,
    text: 'Each cluster is asked for its version every 6 s, its health every 10 s, and each quiet watch every 9 s whether it should have spoken. Not looked into further yet.',
  },
  {
    ids: /^changes$/,
    text: 'Two fifths of what a change costs is parsing it, once; the rest is reading it through TLS, its row, and packing what has rested.',
  },
];
