// The one error type that is meant for a person: what was found, where, and what to do about it.
// Anything else that is thrown is a defect of the program and is reported with its stack.

/** An error a person can act on. `message` is one sentence on what was found; `remedy` is one sentence on what to do. */
export class MerfError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'MerfError';
    this.remedy = remedy;
  }
}

/** The text shown to the person: "What was found. What to do." */
export function explain(error: unknown): string {
  if (error instanceof MerfError) {
    const space = error.remedy === '' || error.message.endsWith('\n') ? '' : ' ';
    return `${error.message}${space}${error.remedy}`;
  }
  const refused = refusedBySystem(error);
  if (refused !== null)
    return `${refused} Check that the path is right, that you may use it, and that the disk has room.`;
  return error instanceof Error ? error.message : String(error);
}

/** Whether the error is something a person can act on, not a defect of the program. */
export function isForPerson(error: unknown): boolean {
  return error instanceof MerfError || refusedBySystem(error) !== null;
}

/** A file or a process that the operating system refused: "/x/y cannot be used (EACCES)."; null: another error. */
function refusedBySystem(error: unknown): string | null {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return null;
  const what = 'path' in error ? error.path : error.syscall;
  return `${what} cannot be used (${error.code}).`;
}
