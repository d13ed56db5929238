/** A way to a cluster, with all that it needs inside. */
export interface ClusterAccess {
  name: string;
  /** URL of the API server. */
  server: string;
  /** Certificate authority of the API server, PEM. */
  certificateAuthority: string;
  /** Bearer token. */
  token: string;
  /** Who the token is of. */
  user: string;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A kubeconfig that can be registered as it is: everything is embedded, no file is named. JSON is YAML. */
export function embeddedKubeconfig(access: ClusterAccess): string {
  return kubeconfig(access.name, {
    server: access.server,
    cluster: {
      'certificate-authority-data': base64(access.certificateAuthority),
    },
    user: { name: access.user, value: { token: access.token } },
  });
}

/** A kubeconfig of a component, with the files of its client certificate. */
export function componentKubeconfig(options: {
  name: string;
  server: string;
  certificateAuthorityFile: string;
  certificateFile: string;
  keyFile: string;
}): string {
  return kubeconfig(options.name, {
    server: options.server,
    cluster: { 'certificate-authority': options.certificateAuthorityFile },
    user: {
      name: options.name,
      value: {
        'client-certificate': options.certificateFile,
        'client-key': options.keyFile,
      },
    },
  });
}

function kubeconfig(
  name: string,
  parts: {
    server: string;
    cluster: object;
    user: { name: string; value: object };
  },
): string {
  const { server, cluster, user } = parts;
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      contexts: [{ name, context: { cluster: name, user: user.name } }],
      clusters: [{ name, cluster: { server, ...cluster } }],
      users: [{ name: user.name, user: user.value }],
    },
    null,
    2,
  )}\n`;
}
