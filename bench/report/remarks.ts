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
    text: 'A look at the rights of a page is one question to the policy every 8 s: a token that is signed, checked by two plugins, and the groups of its user, by HTTP within one process. It was four requests every 4 s before. In three runs of S the plugin cost 0.009, 0.041 and 0.028 of a core for a user, and a page of ours, of 500, 0.0006, 0.0009 and 0.0009: the ratio varies with the plugin; why ours rose is not known.',
  },
  {
    ids: /^W4\..*of\.1$/,
    text: 'One cluster is answered in little more than the cheapest request takes, from a view that is there; a hundred are a hundred views and a hundred times the rows to send: the less the one costs, the further away is this goal.',
  },
  {
    ids: /^(W2\.p99|W3\.step)$/,
    text: 'Differs from hour to hour on this machine: the same code had 3.8 times the floor and 15 ms in one run, 13 times and 21 ms in another.',
  },
  {
    ids: /^bytes/,
    text: 'What each deployment is told with is what its line shows; templates and specs are read when two revisions are compared (some 11 KB a deployment, of which gzip leaves 120 bytes where all are alike).',
  },
  {
    ids: /^W8$/,
    text: 'The goal is held by the interval, not by the median. Rounds go on until it is narrow enough to tell, healthy ones before and after each, and end after the most that a run may take.',
  },
  {
    ids: /^W10\.logs$/,
    text: 'All of it passes the one thread that answers: out of TLS, looked through for what a terminal would act on, into a socket. Its bytes are passed on as they are where there is nothing of that (3.9 times before, when each line was made anew).',
  },
  {
    ids: /^start\./,
    text: 'What is done once for a cluster is finding its kinds, a connection with a handshake for each of 62 watches, and answering 62 requests at once from one thread. Four lists are read at a time while nobody else waits. HTTP/2 would save the handshakes, and was not tried: by its code, undici 7.30 fails only the first of the requests under way when a server says goodbye, as API servers do to spread their load.',
  },
  {
    ids: /^browser\.rows$/,
    text: 'All of it is work of one core: in a profile the time was spread over rendering the portal, its styles and the table, with no single part to take out. The script of the table was 270 kB, with one of 100 kB for YAML beside, and is 105: tabs, the page of an object and dialogs are read when they are opened (2.66 times before, 1.83 after, with a thousand pods, one after the other in the same hour), and rows that were on their way are not asked for again when the cluster is answered first. The answer itself takes 40 ms with a thousand pods and 80 with ten thousand, which are sorted by their health.',
  },
  {
    ids: /^W9$/,
    text: 'Up to a second each is waiting: until the cluster is asked again, and by chance before its lists are read. With all of 500 pages open it took between 1.4 and 4.5 times the raw lists in runs of two days, and 5.5 times before what pages are told had lost its pod templates; with ten pages 1.8 times. In three runs of S the raw lists took 0.7, 1.9 and 1.4 s and ours 2.3, 2.7 and 6.1 s; why the last took so long is not known.',
  },
  {
    ids: /^W5$/,
    text: 'All names are looked through where the rows are, cluster by cluster; which part of that takes longest was not profiled. It was met with 26,300 pods in another run.',
  },
  {
    ids: /^memory$/,
    text: 'It is all memory that the process has taken since it knew no cluster, divided by the pods: also what a hundred clusters cost whatever they hold (connections, watches, kinds), and what the garbage collector has not given back. After a collection the thread of the cache holds 95 MB of heap, its programs included, and 25 MB outside of it for 26,300 pods on a hundred clusters (180 and 26 before all of a list was packed at once); the heap that V8 keeps for what comes next is 250 MB.',
  },
  {
    ids: /^idle$/,
    text: 'The thread of the cache takes 0.09 of a core: each cluster is asked for its version every 5 s, and each quiet watch every 9 s whether it should have spoken, or a dead one would not be noticed in the 15 s that are promised. Health takes 0.07: seven requests a cluster every 10 s. The garbage collector takes the rest.',
  },
  {
    ids: /^changes$/,
    text: 'Two fifths of what a change costs is parsing it, once; the rest is reading it through TLS, its row, and packing what has rested.',
  },
];
