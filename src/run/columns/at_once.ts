// Work in pieces, done without rest, for who has no others to wait for. Pure; turns.ts does it with rests.

export function atOnce<T>(work: Generator<void, T>): T {
  for (let piece = work.next(); ; piece = work.next()) if (piece.done) return piece.value;
}
