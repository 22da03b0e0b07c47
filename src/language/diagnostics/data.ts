// Diagnostics 13x: the data file that a task reads its rows from, and its columns.

import { kind } from './kind.ts';

const rows = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);

export const DATA_DIAGNOSTICS = {
  dataFile: kind({
    code: 'MERF131',
    severity: 'error',
    title: 'A data file cannot be used',
    message: (refused: string, remedy: string) => `${refused} ${remedy}`,
    why: 'A task of a data file has no rows without it. The path counts from the folder of the .merf file.',
    bad: 'task jsonl("problem.json", test: 10%)',
    good: 'task jsonl("problems.jsonl", test: 10%)',
  }),
  noRow: kind({
    code: 'MERF132',
    severity: 'error',
    title: 'Lines of a data file are no rows',
    message: (count: number, places: string) =>
      `${count === 1 ? 'A line is no row' : `${count} lines are no rows`}: ${places}. Correct or remove ${count === 1 ? 'it' : 'them'}.`,
    why: 'A row that cannot be read would be missing from training without a word. JSON lines hold one object a line; every record of a CSV file has as many cells as the first.',
    bad: '{"question": "1 + 1?", "answer": 2',
    good: '{"question": "1 + 1?", "answer": 2}',
  }),
  noColumn: kind({
    code: 'MERF133',
    severity: 'error',
    title: 'The data file has no such column',
    message: (name: string, path: string, nearest: string | null, known: readonly string[]) =>
      `\`${path}\` has no column \`${name}\`. ${nearest === null ? `It has: ${known.slice(0, 20).join(', ')}.` : `Did you mean \`${nearest}\`?`}`,
    suggest: (_name, _path, nearest) => nearest,
    why: 'Columns are named as the file names them: the keys of JSON objects, the first line of a CSV file.',
    bad: 'task jsonl("problems.jsonl", test: 10%) { secret anwser }',
    good: 'task jsonl("problems.jsonl", test: 10%) { secret answer }',
  }),
  columnType: kind({
    code: 'MERF134',
    severity: 'error',
    title: 'Rows do not fit the type of a column',
    message: (name: string, type: string, count: number, places: string, common: string | null) =>
      `${rows(count)} of \`${name}\` cannot be read as ${type}: ${places}. Correct them${common === null ? '' : `, or write \`${name}: ${common}\``}.`,
    why: 'A rule reads a column by its type; what does not fit would count as not there.',
    bad: 'task jsonl("problems.jsonl", test: 10%) { secret answer: number }\n// … and a row {"answer": "about 12"}',
    good: 'task jsonl("problems.jsonl", test: 10%) { secret answer: text }',
  }),
  columnsLeftOut: kind({
    code: 'MERF135',
    severity: 'warning',
    title: 'Columns of a data file cannot be used',
    message: (found: string) => `${found} Other columns are not touched by this.`,
    why: 'A column is read by its name, which is made of the letters A to Z and a to z, digits and `_`, and its values have one type.',
    bad: '{"Question Text": "1 + 1?", "meta": [1, "a"]}',
    good: '{"question": "1 + 1?", "meta": ["1", "a"]}',
  }),
  emptySplit: kind({
    code: 'MERF136',
    severity: 'error',
    title: 'There is no row to train on, or none to test with',
    message: (side: string, of: number, remedy: string) => `Of ${rows(of)} none is for ${side}. ${remedy}`,
    why: 'Training needs rows, and accuracy is measured on rows that training has not seen.',
    bad: 'task jsonl("three_rows.jsonl", test: 1%)',
    good: 'task jsonl("three_rows.jsonl", test: 30%)',
  }),
  sharedRows: kind({
    code: 'MERF137',
    severity: 'warning',
    title: 'Test rows are also in the training part',
    message: (shared: number, test: number) =>
      `${shared} of ${test} test rows show the model what a training row shows it, so accuracy would measure memory. Remove the doubles from the file.`,
    why: 'A held-out row that was trained on is not held out.',
    bad: 'task csv("doubled.csv", split: "part")',
    good: 'task csv("problems.csv", split: "part")',
  }),
  splitValue: kind({
    code: 'MERF138',
    severity: 'error',
    title: 'The split column does not say train or test',
    message: (column: string, count: number, places: string) =>
      `${rows(count)}: \`${column}\` says neither train nor test (${places}). Write \`train\`, or \`test\` (\`validation\`, \`dev\` and \`eval\` mean the same).`,
    why: 'With `split:` every row says to which part it belongs.',
    bad: 'part\nfirst',
    good: 'part\ntrain',
  }),
  columnsOfBuiltIn: kind({
    code: 'MERF139',
    severity: 'error',
    title: 'A built-in task brings its own columns',
    message: (task: string) => `\`${task}\` makes its rows, and their columns are given. Remove the block.`,
    why: 'Columns are declared where rows come from a file. Hover over the task shows those that it makes.',
    bad: 'task knights_and_knaves { secret solution }',
    good: 'task knights_and_knaves',
  }),
} as const;
