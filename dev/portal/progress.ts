/** Seconds between two signs of life of a step when the output is no terminal. */
const HEARTBEAT_MS = 30_000;

/** Says what is being done and for how long. Several steps may run at once; each has its own lines. */
export async function step<T>(
  title: string,
  work: () => Promise<T>,
): Promise<T> {
  const start = Date.now();
  const seconds = () => `${((Date.now() - start) / 1000).toFixed(0)} s`;
  console.log(`… ${title}`);
  const heartbeat = setInterval(
    () => console.log(`… ${title} (${seconds()} so far)`),
    HEARTBEAT_MS,
  );
  try {
    const result = await work();
    console.log(`✔ ${title} (${seconds()})`);
    return result;
  } catch (error) {
    console.log(`✖ ${title} (${seconds()})`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}
