// Triple-quoted text moved to another indentation. Its lines lose the indentation they share when they are read
// (literals.ts), so all of them may move together; when the moved text would read differently it stays as it is.

import { readTriple } from '../literals.ts';

/** `image` with its lines at `content` columns and the closing quotes, where they stand alone, at `closing`. */
export function moveTriple(image: string, content: number, closing: number): string {
  if (!image.startsWith('"""') || !image.includes('\n')) return image;
  const { value } = readTriple(image, 0);
  const lines = image.slice(3, -3).split(/\r?\n/);
  const [opening = ''] = lines;
  const last = lines[lines.length - 1] ?? '';
  const written = value.split('\n');
  const opensWithText = opening.trim() !== '';
  const head = opensWithText ? `"""${written.shift() ?? ''}` : '"""';
  const body = written.map((line) => (line === '' ? '' : ' '.repeat(content) + line));
  const isEmpty = !opensWithText && value === '';
  const end = last.trim() === '' ? `\n${' '.repeat(closing)}"""` : '"""';
  const moved = [head, ...(isEmpty && lines.length < 3 ? [] : body)].join('\n') + end;
  return readTriple(moved, 0).value === value ? moved : image;
}
