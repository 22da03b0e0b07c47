// How much memory training may use here.

import { totalmem } from 'node:os';

/** Bytes that this process may use: all there are, or what its container was given. */
export function machineMemory(): number {
  const given = process.constrainedMemory() ?? 0;
  return given > 0 ? Math.min(given, totalmem()) : totalmem();
}
