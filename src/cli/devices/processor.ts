// The processor of this computer, the device that trains: its threads, and how much of its memory is free now.

import { availableParallelism, cpus } from 'node:os';
import { machineMemory } from '../../training/machine_memory.ts';

export interface Processor {
  name: string;
  threads: number;
  /** Of memory that this process may use. */
  bytes: number;
  /** Of those; null: the system does not say (macOS counts files that it would forget as used). */
  free: number | null;
}

export function processor(): Processor {
  const bytes = machineMemory();
  const free = process.platform === 'darwin' ? null : Math.min(bytes, process.availableMemory());
  const name = cpus()[0]?.model.trim() || process.arch;
  return { name, threads: availableParallelism(), bytes, free };
}
