/**
 * Loaded into processes of ./portal before anything else: ends them when the process that started them is gone, however it
 * went. The channel to it closes even after a `kill -9`.
 */
const GRACE_MS = 5_000;

process.on('disconnect', () => {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
