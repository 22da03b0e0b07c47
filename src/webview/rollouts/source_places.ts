// Where the words that Markdown shows stand in its text. The reader keeps no places inside of a line, but it shows words
// in the order of the text and says of each block which lines it is made of: so a word is looked for in its block, after
// the last one that was found. What is not written as it is shown (an escape, an entity) has no place. Pure.

export interface Placed {
  part: string;
  /** null: it does not stand in the text. */
  at: number | null;
}

export class SourcePlaces {
  private readonly text: string;
  /** Where each line begins, and the end. */
  private readonly lines: readonly number[];
  private cursor = 0;
  private end: number;

  constructor(text: string) {
    this.text = text;
    this.end = text.length;
    this.lines = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /** From here on words stand in these lines: the first, and the one after the last. */
  enter([first, after]: readonly [number, number]): void {
    this.cursor = Math.max(this.cursor, this.lines[first] ?? this.text.length);
    this.end = this.lines[after] ?? this.text.length;
  }

  /** Words in their parts: lines, as a block of code is written with an indentation that is not shown. */
  find(words: string): Placed[] {
    const at = this.findWhole(words);
    if (at !== null || !words.includes('\n')) return [{ part: words, at }];
    return words.split(/(?<=\n)/).map((part) => ({ part, at: this.findWhole(part) }));
  }

  findWhole(words: string): number | null {
    if (words === '') return null;
    const at = this.text.indexOf(words, this.cursor);
    if (at < 0 || at + words.length > this.end) return null;
    this.cursor = at + words.length;
    return at;
  }
}
