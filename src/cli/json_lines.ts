// JSON Lines from a file or a pipe, line by line, so that a file of any size is read. Lines end with a line feed alone
// (other separators are allowed inside JSON text); blank lines are passed over, and every line knows its number.

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { MerfError } from '../spec/error.ts';

export interface NumberedLine {
  /** From 1, as editors count. */
  number: number;
  /** null: the line is longer than LONGEST_LINE and was not kept. */
  text: string | null;
}

/** Characters of the longest line that is kept: a bound of what a hostile file can take. */
export const LONGEST_LINE = 1 << 28;

/** The lines of a file; `-` is the standard input. Throws MerfError when it cannot be read. */
export async function* linesOfFile(path: string): AsyncGenerator<NumberedLine> {
  try {
    yield* linesOf(path === '-' ? process.stdin : createReadStream(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code !== 'string') throw error;
    const reason =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
    throw new MerfError(`${path} ${reason}.`, 'Give the path of a file with one JSON object a line.', { cause: error });
  }
}

export async function* linesOf(stream: Readable): AsyncGenerator<NumberedLine> {
  const decoder = new TextDecoder();
  let number = 0;
  let pieces: string[] = [];
  let length = 0;
  const take = (piece: string): void => {
    length += piece.length;
    if (length <= LONGEST_LINE) pieces.push(piece);
    else pieces = [];
  };
  /** The line that ends here; null: it is blank. */
  const finish = (): NumberedLine | null => {
    const text = length <= LONGEST_LINE ? pieces.join('').replace(/\r$/, '') : null;
    pieces = [];
    length = 0;
    number++;
    return text?.trim() === '' ? null : { number, text };
  };
  for await (const chunk of stream) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      take(text.slice(start, end));
      start = end + 1;
      const line = finish();
      if (line !== null) yield line;
    }
    take(text.slice(start));
  }
  const last = finish();
  if (last !== null) yield last;
}
