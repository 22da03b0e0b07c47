// What the server knows of the editor it speaks to: its language, the commands that it can carry out (a lens that
// nothing answers is not offered), and the folders that may hold runs.

import type { InitializeParams } from 'vscode-languageserver';
import { z } from 'zod';

export type Language = 'en' | 'ja';

export interface Client {
  language: Language;
  /** `merf.train`, …: what the editor said it has. */
  commands: ReadonlySet<string>;
  /** Folders that hold `.merf/runs`; null: not told, so the text's own folder and the ones above it. */
  roots: readonly string[] | null;
  /** Lenses and hovers say what rules did in the latest run. */
  numbers: boolean;
  /** It asks for lenses again when it is told to. */
  refreshesLenses: boolean;
  /** It tells of files that change on disk. */
  watchesFiles: boolean;
}

/** `initializationOptions`, and what comes with `merf/runsChanged`. */
export const Options = z.object({
  commands: z.array(z.string()).default([]),
  roots: z.array(z.string()).nullable().default(null),
  numbers: z.boolean().optional(),
});

/** Before it has said anything. */
export const NO_CLIENT: Client = {
  language: 'en',
  commands: new Set(),
  roots: null,
  numbers: true,
  refreshesLenses: false,
  watchesFiles: false,
};

export function clientOf({ locale, capabilities, initializationOptions }: InitializeParams): Client {
  const given = Options.safeParse(initializationOptions ?? {});
  const { commands, roots, numbers = true } = given.success ? given.data : { commands: [], roots: null };
  return {
    language: locale?.toLowerCase().startsWith('ja') ? 'ja' : 'en',
    commands: new Set(commands),
    roots,
    numbers,
    refreshesLenses: capabilities.workspace?.codeLens?.refreshSupport ?? false,
    watchesFiles: capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
  };
}
