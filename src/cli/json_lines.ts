// JSON Lines from a file or a pipe, line by line, so that a file of any size is read. Lines end with a line feed alone
// (other separators are allowed inside JSON text); blank lines are passed over, and every line knows its number.

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { MerfError } from '../spec/error.ts';

export interface NumberedLine {
  /** From 1, as editors count. */
  number: number;
  text: string;
}

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
  const finish = (): NumberedLine => {
    const text = pieces.join('');
    pieces = [];
    return { number: ++number, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  };
  for await (const chunk of stream) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      pieces.push(text.slice(start, end));
      start = end + 1;
      const line = finish();
      if (line.text.trim() !== '') yield line;
    }
    pieces.push(text.slice(start));
  }
  const last = finish();
  if (last.text.trim() !== '') yield last;
}
