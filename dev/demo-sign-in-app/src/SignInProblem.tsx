import { ResponseError } from '@backstage/errors';
import Typography from '@material-ui/core/Typography';
import { useEffect } from 'react';

const RETRY_MS = 2000;

/** The portal has no demo sign-in: what to do instead. */
export function NoDemoSignIn() {
  return (
    <section role="alert">
      <Typography variant="h5" component="h2" gutterBottom>
        This portal has no sign-in configured
      </Typography>
      <Typography>
        To try it with demo users on this machine, run{' '}
        <code>./portal start</code>.
      </Typography>
      <Typography>
        To run it for others, add the module of your sign-in provider to{' '}
        <code>packages/backend</code>, its page to <code>packages/app</code> in
        place of this one, and its keys below <code>auth.providers</code> in the
        configuration.
      </Typography>
    </section>
  );
}

/** Why signing in failed; while the portal is still starting it tries again by itself. */
export function SignInProblem(props: { error?: Error; onRetry: () => void }) {
  const { error, onRetry } = props;
  const response = error instanceof ResponseError ? error : undefined;
  const status = response?.response.status;
  const isStarting = status === 503;
  useEffect(() => {
    if (!isStarting) return undefined;
    const timer = setTimeout(onRetry, RETRY_MS);
    return () => clearTimeout(timer);
  }, [isStarting, onRetry]);

  if (status === 404) return <NoDemoSignIn />;
  return isStarting ? (
    <Typography role="status">
      The portal is still reading its catalog. Signing in in a moment …
    </Typography>
  ) : (
    <section role="alert">
      <Typography variant="h5" component="h2" gutterBottom>
        Signing in failed
      </Typography>
      <Typography>{(response?.cause ?? error)?.message}</Typography>
    </section>
  );
}
