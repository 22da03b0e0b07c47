// The rows of a data file, one after the other, each a typed refusal or an object of named values, whatever the format.

import { MerfError } from '../../spec/error.ts';
import type { DataSource } from '../../spec/specification.ts';
import type { Row } from '../rows.ts';
import { csvRows } from './csv.ts';
import { jsonlRows } from './jsonl.ts';
import { parquetRows } from './parquet.ts';
import type { ReadOptions } from './records.ts';

export type { Row } from '../rows.ts';

/** A row and where it stands, or why there is none. */
export type FileRow =
  | { line: number; start: number; end: number; row: Row }
  /** `is not JSON`, as it follows "line 17". */
  | { line: number; why: string };

/**
 * Rows in batches. A CSV file's values are all texts.
 * @throws MerfError when the file is not of its format at all.
 */
export function fileRows(
  format: DataSource['format'],
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<FileRow[]> {
  switch (format) {
    case 'jsonl':
      return jsonlRows(path, options);
    case 'csv':
      return csvRows(path, options);
    case 'parquet':
      return parquetRows(path, options);
  }
}

/** Why a data file cannot be used, as an error for a person. */
export function unreadable(path: string, cause: unknown): MerfError {
  if (cause instanceof MerfError) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : '';
  if (code === 'ENOENT') {
    return new MerfError(`There is no file ${path}.`, 'Check the path; it counts from the folder of the .merf file.');
  }
  if (code === 'EISDIR') return new MerfError(`${path} is a folder.`, 'Name a file in it.');
  if (code === 'EACCES' || code === 'EPERM') {
    return new MerfError(`${path} may not be read.`, 'Give yourself the permission to read it.');
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MerfError(`${path} cannot be read (${why}).`, 'Check the file and the disk.', { cause });
}
