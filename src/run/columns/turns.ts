// Long work in turns: after some milliseconds of it, others in this process (the editor's own work) have theirs.

/** Milliseconds of work at a time. */
const TURN = 15;

/** Does all of it, unless the signal ends it. `rested` is called after each rest. */
export async function inTurns(
  work: Iterable<void>,
  signal?: AbortSignal,
  rested: () => void = () => {},
): Promise<void> {
  let began = performance.now();
  for (const _ of work) {
    if (signal?.aborted) return;
    if (performance.now() - began < TURN) continue;
    await new Promise((resolve) => setImmediate(resolve));
    rested();
    began = performance.now();
  }
}
