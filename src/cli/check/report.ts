// What checking a file gave, as each way of printing reads it.

import type { Diagnostic } from '../../language/check.ts';

export interface FileReport {
  file: string;
  ok: boolean;
  diagnostics: Diagnostic[];
  /** Why the file could not be read at all; absent otherwise. */
  error?: string;
}
