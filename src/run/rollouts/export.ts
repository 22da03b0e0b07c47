// Responses as a file for other programs: JSON lines as the run has them, or Parquet with the columns that TRL logs
// completions with (step, prompt, completion, one a rule by its name, advantage) and what else is told of a response.

import { closeSync, openSync, writeSync } from 'node:fs';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import type { RolloutLine } from '../format.ts';
import { writing } from '../write.ts';

export type ExportFormat = 'jsonl' | 'parquet';

/** Writes the responses in their order; how many. */
export function exportRollouts(path: string, format: ExportFormat, lines: Iterable<RolloutLine>): number {
  return format === 'jsonl' ? exportLines(path, lines) : exportParquet(path, [...lines]);
}

function exportLines(path: string, lines: Iterable<RolloutLine>): number {
  return writing(path, () => {
    const file = openSync(path, 'w');
    let count = 0;
    try {
      for (const line of lines) {
        writeSync(file, `${JSON.stringify(line)}\n`);
        count++;
      }
    } finally {
      closeSync(file);
    }
    return count;
  });
}

function exportParquet(path: string, lines: readonly RolloutLine[]): number {
  const bytes = parquetOf(lines);
  writing(path, () => {
    const file = openSync(path, 'w');
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } finally {
      closeSync(file);
    }
  });
  return lines.length;
}

/** TRL's own columns first; a rule whose name is one of them is put in front of with `rule_`. */
export function parquetOf(lines: readonly RolloutLine[]): Uint8Array {
  const text = (name: string, value: (line: RolloutLine) => string) => ({
    name,
    data: lines.map(value),
    type: 'STRING' as const,
  });
  const number = (name: string, value: (line: RolloutLine) => number | null) => ({
    name,
    data: lines.map(value),
    type: 'DOUBLE' as const,
  });
  const whole = (name: string, value: (line: RolloutLine) => number) => ({
    name,
    data: lines.map(value),
    type: 'INT32' as const,
  });
  const rules = [...new Set(lines.flatMap(({ rules }) => Object.keys(rules)))];
  const own = [
    whole('prompt_index', (line) => line.prompt_index),
    whole('sample', (line) => line.sample),
    text('split', (line) => line.split),
    whole('row_index', (line) => line.row_index),
    number('reward', (line) => line.reward),
    text('finish_reason', (line) => line.finish_reason),
    whole('tokens', (line) => line.token_ids.length),
    text('captures', (line) => JSON.stringify(line.captures)),
    text('row', (line) => JSON.stringify(line.row)),
  ];
  const taken = new Set(['step', 'prompt', 'completion', 'advantage', ...own.map(({ name }) => name)]);
  const columnData = [
    whole('step', (line) => line.step),
    text('prompt', (line) => line.prompt),
    text('completion', (line) => line.response),
    ...rules.map((rule) => number(taken.has(rule) ? `rule_${rule}` : rule, (line) => line.rules[rule]?.score ?? null)),
    number('advantage', (line) => line.advantage),
    ...own,
  ];
  const writer = new ByteWriter();
  parquetWrite({ writer, columnData, createdBy: 'MeRF Studio' });
  return writer.getBytes();
}
