// One kind of diagnostic: its code, its message with the remedy in it, and what its documentation page shows.

export interface DiagnosticKind<A extends unknown[]> {
  code: string;
  severity: 'error' | 'warning';
  title: string;
  message: (...values: A) => string;
  /** What should stand in place of the marked text, where that is sure; for a quick fix. */
  suggest?: (...values: A) => string | null;
  /** Why it matters, for the documentation page. */
  why: string;
  bad: string;
  good: string;
}

export function kind<A extends unknown[]>(entry: DiagnosticKind<A>): DiagnosticKind<A> {
  return entry;
}
