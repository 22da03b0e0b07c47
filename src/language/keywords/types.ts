// Types of columns and captures, and what verifiers are given: script, time, memory.

import type { KeywordDoc } from './entry.ts';

export const TYPE_WORDS: readonly KeywordDoc[] = [
  {
    word: 'secret',
    doc: 'A column that holds the answer: rules may read it, the model never does.',
    example: 'task jsonl("problems.jsonl") { question: text  secret answer: number }',
  },
  {
    word: 'text',
    within: ['DerivationStep'],
    doc: 'The same rules in your own words, checked against them; holes as in any motivation.',
    example: 'motivation terse = full text """Keep to the format. {rules}"""',
  },
  {
    word: 'text',
    doc: 'The type of a column or a field that is text; of a verifier or judge: it answers a text.',
    example: 'task jsonl("problems.jsonl") { question: text }',
  },
  {
    word: 'number',
    doc: 'The type of a column or a field that is a number; after `as`, text is read as one.',
    example: 'answer = tag("answer") as number',
  },
  {
    word: 'bool',
    doc: 'The type of what is true or false. A verifier’s or judge’s answer counts as 1 or 0 where a number is wanted.',
    example: 'verifier parses(code): bool from "./verify.py"',
  },
  {
    word: 'list',
    doc: 'The type of a list; what its items are stands after `of`.',
    example: 'task jsonl("problems.jsonl") { names: list of text }',
  },
  {
    word: 'record',
    doc: 'The type of a record with any field names; what its fields hold stands after `of`.',
    example: 'task jsonl("problems.jsonl") { secret solution: record of text }',
  },
  {
    word: 'of',
    doc: 'What the items of a list or the fields of a record are.',
    example: 'task jsonl("problems.jsonl") { names: list of text }',
  },
  {
    word: 'as',
    doc: 'The type that the captured text is read as; what does not fit is `none`.',
    example: 'bill = json(answer) as { vendor: text, total: number }',
  },
  {
    word: 'from',
    doc: 'The script that is asked, next to this file: a Python script or a JavaScript module.',
    example: 'verifier run_tests(code) from "./verify.py"',
  },
  {
    word: 'timeout',
    doc: 'How long one answer of the verifier may take; 10 s when left out.',
    example: 'verifier run_tests(code) from "./verify.py" timeout 5s',
  },
  {
    word: 'memory',
    doc: 'How much memory the verifier may take; 1 GB when left out.',
    example: 'verifier run_tests(code) from "./verify.py" memory 512MB',
  },
  { word: 's', doc: 'Seconds.', example: 'timeout 5s' },
  { word: 'ms', doc: 'Milliseconds.', example: 'timeout 500ms' },
  { word: 'min', doc: 'Minutes.', example: 'timeout 2min' },
  { word: 'MB', doc: 'Megabytes.', example: 'memory 512MB' },
  { word: 'GB', doc: 'Gigabytes.', example: 'memory 2GB' },
];
