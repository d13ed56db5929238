import { ProxiedSignInPage } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { SignInPageProps } from '@backstage/plugin-app-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { useCallback, useState } from 'react';
import { DEMO_USERS } from './demoUsers';
import type { DemoUser } from './demoUsers';
import { DemoUserCard } from './DemoUserCard';
import { ForgettingIdentity } from './ForgettingIdentity';
import { forgetUser, readRememberedUser, rememberUser } from './rememberedUser';
import { NoDemoSignIn, SignInProblem } from './SignInProblem';

const PROVIDER_ID = 'k8s-demo';

const useStyles = makeStyles(theme => ({
  page: {
    boxSizing: 'border-box',
    maxWidth: 1120,
    minHeight: '100vh',
    margin: '0 auto',
    padding: theme.spacing(6, 3),
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'center',
    gap: theme.spacing(3),
  },
  users: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(220px, 1fr))',
    gap: theme.spacing(2),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
}));

/** The cards of the demo users; signs the chosen one in, now and at the next visit until they sign out. */
export function DemoSignInPage({ onSignInSuccess }: SignInPageProps) {
  const classes = useStyles();
  const config = useApi(configApiRef);
  const isEnabled = config.getOptionalBoolean(
    `auth.providers.${PROVIDER_ID}.enabled`,
  );
  const [user, setUser] = useState(readRememberedUser);
  const [attempt, setAttempt] = useState(1);
  const retry = useCallback(() => setAttempt(previous => previous + 1), []);

  const choose = (chosen: DemoUser) => {
    rememberUser(chosen);
    setUser(chosen);
  };
  const problem = useCallback(
    ({ error }: { error?: Error }) => {
      const back = () => {
        forgetUser();
        setUser(undefined);
      };
      return (
        <main className={classes.page}>
          <SignInProblem error={error} onRetry={retry} />
          <div>
            <Button variant="outlined" onClick={back}>
              Choose another user
            </Button>
          </div>
        </main>
      );
    },
    [classes.page, retry],
  );

  if (user && isEnabled)
    return (
      <ProxiedSignInPage
        key={attempt}
        provider={PROVIDER_ID}
        headers={{ 'x-demo-user': user.name }}
        onSignInSuccess={identity =>
          onSignInSuccess(
            new ForgettingIdentity(identity, { forget: forgetUser }),
          )
        }
        ErrorComponent={problem}
      />
    );

  return (
    <main className={classes.page}>
      <div>
        <Typography variant="h3" component="h1" gutterBottom>
          {config.getOptionalString('app.title') ?? 'Portal'}
        </Typography>
        {isEnabled && (
          <Typography>
            Choose who to be. These users are for trying the portal on this
            machine; they have no password.
          </Typography>
        )}
      </div>
      {isEnabled ? (
        <ul className={classes.users} aria-label="Demo users">
          {DEMO_USERS.map(demoUser => (
            <li key={demoUser.name}>
              <DemoUserCard user={demoUser} onChoose={choose} />
            </li>
          ))}
        </ul>
      ) : (
        <NoDemoSignIn />
      )}
    </main>
  );
}
