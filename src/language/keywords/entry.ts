// What is said about one word of the grammar.

export interface KeywordDoc {
  word: string;
  /** Syntax nodes ($type) this entry is for; absent: everywhere else. */
  within?: readonly string[];
  doc: string;
  example: string;
}
