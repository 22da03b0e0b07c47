// Long work in turns: after some milliseconds of it, others in this process (the editor's own work) have theirs.

/** Milliseconds of work at a time. */
const TURN = 15;

/** What the work comes to; null: the signal ended it. `rested` is called after each rest. */
export async function inTurns<T>(
  work: Generator<void, T | null>,
  signal?: AbortSignal,
  rested: () => void = () => {},
): Promise<T | null> {
  let began = performance.now();
  for (let piece = work.next(); ; piece = work.next()) {
    if (piece.done) return piece.value;
    if (performance.now() - began < TURN && !signal?.aborted) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) {
      work.return(null); // what it holds is given back
      return null;
    }
    rested();
    began = performance.now();
  }
}
