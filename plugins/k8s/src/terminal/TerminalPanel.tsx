import {
  identityApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Alert, Button, Select } from '@backstage/ui';
import {
  ErrorPanel,
  GuardedButton,
  useAccess,
} from '@backstage-k8s/plugin-k8s-react';
import type { AccessReview } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import {
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { LoadingBlock } from '../pages/LoadingBlock';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { terminalMessages } from './terminalMessages';
import type { Screen } from './TerminalScreen';
import type { TerminalEnding } from './TerminalSession';
import { useTerminal } from './useTerminal';

// Hundreds of kilobytes that only who opens a terminal needs.
const TerminalScreen = lazy(() => import('./TerminalScreen'));

type EndReason = keyof typeof terminalMessages.end;

const useStyles = makeStyles({
  // Twice the class, since the field's own style is loaded later.
  container: { '&&': { width: 220, flex: 'none' } },
  bar: { minHeight: 32 },
});

/** Whose terminal. */
export interface TerminalPanelProps {
  cluster: { id: string; name: string };
  namespace: string;
  pod: string;
  /** Containers to choose from; the first is the default. */
  containers?: readonly string[];
}

/** The user's own name in the audit; undefined until it is known. */
function useUser(): string | undefined {
  const identity = useApi(identityApiRef);
  const [user, setUser] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    identity.getBackstageIdentity().then(
      ({ userEntityRef }) => isCurrent && setUser(userEntityRef),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [identity]);
  return user;
}

function useEndText(ending: TerminalEnding | undefined): string | undefined {
  const { t } = useTranslationRef(k8sTranslationRef);
  if (!ending) return undefined;
  const { reason, exitCode, message = '' } = ending;
  if (reason === 'exited' && exitCode) {
    return t('terminal.end.exitedWith', { exitCode: String(exitCode) });
  }
  const known = Object.hasOwn(terminalMessages.end, reason)
    ? (reason as EndReason)
    : 'lost';
  return t(`terminal.end.${known}`, { message, exitCode: '' });
}

/** A terminal in a container of a pod: opened when asked for, in the user's name, and closed with a word why. */
export function TerminalPanel(props: TerminalPanelProps) {
  const { cluster, namespace, pod, containers = [] } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const shared = useSectionStyles();
  const user = useUser() ?? '…';
  const [chosen, setChosen] = useState<string>();
  const container = chosen ?? containers[0];
  const { state, open, close, session } = useTerminal({
    ...{ cluster: cluster.id, namespace, pod, container },
  });
  const screen = useRef<Screen>();
  // The screen stays as it was when the terminal has ended, and is made anew with the next one.
  const [screens, setScreens] = useState(0);
  const reviews: AccessReview[] = [
    {
      action: 'terminal.open',
      ...{ cluster: cluster.id, group: '', plural: 'pods', namespace },
      name: pod,
    },
  ];
  const { decisions } = useAccess(reviews);
  const refusal = decisions.find(decision => decision?.allowed === false);
  const ending = state.is === 'closed' ? state.ending : undefined;
  const endText = useEndText(ending);
  const onScreen = useCallback(
    (made: Screen) => {
      screen.current = made;
      open(made).catch(() => undefined);
    },
    [open],
  );
  const label = t('terminal.label', { pod });
  const isClosed = state.is === 'closed';
  return (
    <section className={shared.stack} aria-label={label}>
      {refusal && (
        <Alert
          role="status"
          status="info"
          icon
          title={t('terminal.forbidden')}
          description={refusal.reason}
        />
      )}
      <div className={`${shared.buttons} ${classes.bar}`}>
        {containers.length > 1 && (
          <Select
            className={classes.container}
            size="small"
            aria-label={t('terminal.container')}
            options={containers.map(name => ({ id: name, label: name }))}
            value={container}
            isDisabled={!isClosed}
            onChange={key => setChosen(String(key))}
          />
        )}
        {isClosed ? (
          <GuardedButton
            size="small"
            variant="primary"
            reviews={reviews}
            onPress={() => setScreens(count => count + 1)}
          >
            {t(screens === 0 ? 'terminal.open' : 'terminal.again')}
          </GuardedButton>
        ) : (
          <Button size="small" variant="secondary" onPress={close}>
            {t('terminal.close')}
          </Button>
        )}
        <span className={shared.quiet} role="status">
          {state.is === 'open' &&
            t('terminal.running', { container: state.container, user })}
          {state.is === 'opening' && t('terminal.opening')}
          {isClosed && !refusal && t('terminal.audited', { user })}
        </span>
      </div>
      {state.is === 'closed' && state.error && (
        <ErrorPanel
          error={state.error}
          what={t('terminal.what')}
          cluster={cluster.name}
          onRetry={() => setScreens(count => count + 1)}
        />
      )}
      {endText && (
        <Alert
          role="status"
          status={
            ending?.reason === 'exited' || ending?.reason === 'closed'
              ? 'info'
              : 'warning'
          }
          icon
          title={endText}
        />
      )}
      {screens > 0 && (
        <Suspense fallback={<LoadingBlock />}>
          <TerminalScreen
            key={screens}
            label={label}
            onScreen={onScreen}
            onType={text => session.current?.type(text)}
            onBytes={bytes => session.current?.bytes(bytes)}
            onSize={size => session.current?.resize(size)}
          />
        </Suspense>
      )}
    </section>
  );
}
