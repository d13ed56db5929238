import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** The words of the components of this package. @public */
export const k8sReactTranslationRef = createTranslationRef({
  id: 'k8s-react',
  messages: {
    status: {
      healthy: 'healthy',
      degraded: 'degraded',
      unhealthy: 'unhealthy',
      unreachable: 'unreachable',
      unknown: 'unknown',
    },
    time: {
      now: 'now',
      never: 'never',
      seconds: '{{amount}} s',
      minutes: '{{amount}} min',
      hours: '{{amount}} h',
      days: '{{amount}} d',
      ago: '{{time}} ago',
      ahead: 'in {{time}}',
    },
    copy: {
      label: 'Copy {{what}}',
      done: 'Copied',
    },
    error: {
      title: '{{what}} could not be loaded',
      titleOf: '{{what}} of {{cluster}} could not be loaded',
      retry: 'Try again',
      unreachable:
        'The portal’s back end does not answer. Check your connection; if it stays so, tell who runs the portal.',
      notAllowed:
        'You may not see this. Ask an administrator of the portal for the role K8sViewer.',
      notFound:
        'It does not exist, or you may not see it. It may have been removed or renamed.',
      signedOut: 'Your session has ended. Reload the page to sign in again.',
      server: 'The portal’s log says more. Try again in a moment.',
    },
    stale: {
      cluster: '{{cluster}} does not answer. This is how it was',
      plain: 'This is how it was',
      syncing: 'Still reading from the cluster; what is shown may be partial.',
    },
    stream: {
      down: 'Live changes stopped {{time}} ago. What you see may be out of date; trying to connect again.',
    },
    access: {
      needs: 'Needs {{role}}. Ask an administrator of the portal.',
      refused: 'You may not do this. Ask an administrator of the portal.',
      checking: 'Checking your rights',
      failed: 'Your rights could not be checked: {{message}}',
      failedTitle:
        'Your rights could not be checked, so nothing can be changed here for now',
      retry: 'Press to check again.',
    },
    table: {
      search: 'Search',
      columns: 'Columns',
      sortedUp: 'sorted upwards',
      sortedDown: 'sorted downwards',
      sort: 'Sort by {{column}}',
      rows_one: '{{count}} row',
      rows_other: '{{count}} rows',
      rowsOf: '{{shown}} of {{total}}',
      more: 'Show more',
      nothing: 'Nothing matches. Change or clear the filters.',
      clear: 'Clear filters',
      loading: 'Loading',
    },
    keyboard: {
      title: 'Keyboard',
      search: 'Search',
      next: 'Next row',
      previous: 'Previous row',
      open: 'Open the row',
      help: 'This list',
      close: 'Close',
      leave: 'Leave the search, close a dialog',
    },
    diff: {
      none: 'Nothing would change.',
      label: 'What would change',
      added: 'added',
      removed: 'removed',
      owner: 'field of {{owner}}',
      folded: '… {{amount}} unchanged',
    },
    plan: {
      target: 'Target',
      what: 'What',
      check: 'Check',
      go: 'Go',
      done: 'Done',
      cancel: 'Cancel',
      back: 'Back',
      next: 'Show what would change',
      close: 'Close',
      checking: 'Trying it without changing anything …',
      running:
        'Running. This can take a while; it goes on when you leave this page.',
      cluster: 'Cluster',
      namespace: 'Namespace',
      name: 'Name',
      protected: '{{cluster}} is protected. Type {{name}} to confirm.',
      destructive: 'This cannot be undone. Type {{name}} to confirm.',
      typed: 'Name to confirm',
      warnings: 'Mind',
      succeeded: 'Done. The change has arrived.',
      deployed: 'Done. The new version is running.',
      pending: 'The change was made; its rollout goes on.',
      failed: 'The change was made, but its rollout failed',
      refused: 'It was not done',
      nothingChanged: 'Nothing was changed.',
      unsure:
        'The connection broke, so it is not known whether it was done. Trying again does it at most once.',
      retry: 'Try again',
      conflict:
        'It was changed by somebody else meanwhile. Look at it again and repeat the change.',
      recheck: 'Check again',
    },
  },
  translations: {
    zh: () => import('./zh'),
  },
});
