import { plainText } from '../views/plainText';
import type { Trouble } from './Trouble';

/** What the scheduler says of nodes that do not fit; `$1` is the pattern's first group. */
const CAUSES: readonly { pattern: RegExp; words: string; advice: string }[] = [
  {
    pattern: /insufficient cpu/i,
    words: 'too little free CPU',
    advice: 'Lower the CPU request, or add nodes.',
  },
  {
    pattern: /insufficient memory/i,
    words: 'too little free memory',
    advice: 'Lower the memory request, or add nodes.',
  },
  {
    pattern: /insufficient ([\w./-]+)/i,
    words: 'too little free $1',
    advice: 'Lower the request for $1, or add nodes that have it.',
  },
  {
    pattern: /too many pods/i,
    words: 'already the most pods that are allowed',
    advice: 'Add nodes.',
  },
  {
    pattern: /untolerated taint(?:\(s\)| \{([^}]*)\})?/i,
    words: 'a taint that the pod does not tolerate ($1)',
    advice: 'Add a toleration for the taint, or take the taint off the nodes.',
  },
  {
    pattern: /node\(s\) had taints?(?: \{([^}]*)\})?/i,
    words: 'a taint that the pod does not tolerate ($1)',
    advice: 'Add a toleration for the taint, or take the taint off the nodes.',
  },
  {
    pattern: /unschedulable/i,
    words: 'been closed for new pods (cordoned)',
    advice: 'Open the nodes again (uncordon), or add nodes.',
  },
  {
    pattern: /volume node affinity conflict/i,
    words: 'no access to the volume of the pod',
    advice:
      'The volume lies in another zone or on another node: check its storage class.',
  },
  {
    pattern: /topology spread/i,
    words: 'too many of these pods by the topology spread constraints',
    advice:
      'Relax the topology spread constraints, or add nodes in other zones.',
  },
  {
    pattern: /anti-affinity/i,
    words: 'a pod that this one must not be beside (anti-affinity)',
    advice: 'Relax the anti-affinity, or add nodes.',
  },
  {
    pattern: /affinity|selector/i,
    words: "not the labels that the pod's node selector or affinity asks for",
    advice:
      'Check the node selector and affinity against the labels of the nodes.',
  },
  {
    pattern: /free ports/i,
    words: 'the host port already in use',
    advice: 'Do without the host port, or add nodes.',
  },
];

const VOLUME_CLAIM = [
  {
    pattern: /persistentvolumeclaim "([^"]+)" not found/i,
    words: 'the volume claim $1 does not exist',
    advice: 'Create the PersistentVolumeClaim $1.',
  },
  {
    pattern: /unbound immediate PersistentVolumeClaims/i,
    words: 'its volume claim has no volume yet',
    advice:
      'Check the volume claim: its storage class, its size and its events.',
  },
  {
    pattern: /no nodes available/i,
    words: 'the cluster has no nodes',
    advice: 'Add nodes to the cluster.',
  },
];

const fill = (template: string, match: RegExpExecArray) =>
  template.replace(/\$1/g, match[1] ?? '').replace(' ()', '');

/**
 * Why the scheduler finds no node, from the message of the condition PodScheduled, e.g. `0/3 nodes are available: 1
 * node(s) had untolerated taint {a: b}, 2 Insufficient cpu. preemption: …`.
 */
export function schedulingTrouble(
  message: string | undefined,
): Pick<Trouble, 'words' | 'advice'> {
  const text = plainText(message);
  for (const { pattern, words, advice } of VOLUME_CLAIM) {
    const match = pattern.exec(text);
    if (match) {
      return {
        words: `the scheduler finds no node: ${fill(words, match)}`,
        advice: fill(advice, match),
      };
    }
  }
  const [, total, causes] =
    /^0\/(\d+) nodes are available: (.*?)(?:\.\s*(?:no new claims|preemption).*|\.?)$/is.exec(
      text,
    ) ?? [];
  const found = (causes ?? '')
    // A taint's value may hold a comma, a count never follows one inside braces.
    .split(/,\s*(?=\d+ )/)
    .flatMap(part => {
      const count = /^(\d+) /.exec(part)?.[1];
      for (const { pattern, words, advice } of CAUSES) {
        const match = pattern.exec(part);
        if (count && match) {
          const verb = count === '1' ? 'has' : 'have';
          return [
            {
              count: Number(count),
              words: `${verb} ${fill(words, match)}`,
              advice: fill(advice, match),
            },
          ];
        }
      }
      return [];
    })
    .sort((one, other) => other.count - one.count);
  if (found.length === 0) {
    return {
      words: text
        ? `the scheduler finds no node: ${text}`
        : 'the scheduler finds no node',
      advice: 'Compare what the pod asks for with what the nodes have.',
    };
  }
  return {
    words: `the scheduler finds no node: ${howMany(Number(total), found)}`,
    advice: found[0].advice,
  };
}

/** `all 3 nodes have …`, or `of 3 nodes 2 have …, 1 has …`. */
function howMany(
  total: number,
  found: readonly { count: number; words: string }[],
): string {
  const nodes = total === 1 ? 'node' : 'nodes';
  if (found.length === 1 && found[0].count === total) {
    const all = total === 1 ? 'the only' : `all ${total}`;
    return `${all} ${nodes} ${found[0].words}`;
  }
  return `of ${total} ${nodes} ${found
    .map(({ count, words }) => `${count} ${words}`)
    .join(', ')}`;
}
