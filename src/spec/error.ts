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
  if (error instanceof MerfError) return `${error.message} ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}
