// Where something stands in the source, as the specification remembers it.

/** A place in the source file; lines and columns count from 0, as in the Language Server Protocol. */
export interface Place {
  line: number;
  column: number;
  /** The imported file it is in, its path as written in the import; left out: the file itself. */
  file?: string;
}
