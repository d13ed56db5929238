import { matchTrouble } from './Trouble';
import type { Trouble, TroublePattern } from './Trouble';

/**
 * What registries and container runtimes say when an image cannot be had. An answer of the registry about the image is
 * certain; a network fault is not. The order matters: `not found` of a host name is not that of an image.
 */
const CAUSES: readonly TroublePattern[] = [
  {
    pattern: /no such host|server misbehaving|name resolution/i,
    words: "the registry's name cannot be resolved",
    advice: "Check the registry's name in the image, and the nodes' DNS.",
  },
  {
    pattern: /\b429\b|toomanyrequests|too many requests|rate limit/i,
    words: 'the registry answers that there were too many requests',
    advice: 'Wait, or sign in to the registry for a higher limit.',
  },
  {
    pattern: /x509|certificate|http response to https client/i,
    words: "the registry's certificate is not trusted",
    advice: 'Give the nodes the certificate authority of the registry.',
  },
  {
    pattern: /\b403\b|forbidden|denied|insufficient_scope/i,
    words: '403 from the registry',
    advice:
      'Check that the pull secret of the pods may read this repository, and that the image exists.',
    isCertain: true,
  },
  {
    pattern: /\b401\b|unauthorized|no basic auth|authentication required/i,
    words: '401 from the registry',
    advice:
      'Add an image pull secret for this registry to the pods or to their service account.',
    isCertain: true,
  },
  {
    pattern: /no match(?:ing)? (?:for platform|manifest)|exec format/i,
    words: "it is not built for the nodes' platform",
    advice: "Build the image for the nodes' architecture.",
    isCertain: true,
  },
  {
    pattern: /\b404\b|not found|manifest unknown|does not exist|name unknown/i,
    words: 'the registry does not have it',
    advice:
      'Check the name and the tag of the image, and that its build was pushed.',
    isCertain: true,
  },
  {
    pattern:
      /timeout|timed out|deadline exceeded|connection refused|connection reset|no route|unreachable|\bEOF\b|\b5\d\d\b/i,
    words: 'the registry cannot be reached',
    advice: 'Check that the nodes can reach the registry.',
  },
];

/** Why a container's image cannot be had, by its waiting reason; undefined when that is about something else. */
export function imageTrouble(options: {
  image: string;
  code: string;
  /** What the kubelet and its events say about it. */
  text: string;
}): Trouble | undefined {
  const { image, code, text } = options;
  if (code === 'InvalidImageName') {
    return {
      code,
      words: `the image name ${image} is not valid`,
      advice: 'Correct the name of the image.',
      weight: 'certain',
    };
  }
  if (code === 'ErrImageNeverPull') {
    return {
      code,
      words: `the image ${image} is not on the node, and imagePullPolicy is Never`,
      advice: 'Set imagePullPolicy to IfNotPresent.',
      weight: 'certain',
    };
  }
  if (
    ![
      'ImagePullBackOff',
      'ErrImagePull',
      'RegistryUnavailable',
      'ImageInspectError',
    ].includes(code)
  ) {
    return undefined;
  }
  // The image's own name must not be read as the registry's answer.
  const cause = matchTrouble(CAUSES, text.split(image).join(' '));
  return {
    code,
    words: `the image ${image} cannot be pulled${
      cause ? ` (${cause.words})` : ''
    }`,
    advice:
      cause?.advice ??
      'Check the name of the image, the registry and the pull secret.',
    weight: cause?.isCertain ? 'certain' : 'likely',
  };
}
