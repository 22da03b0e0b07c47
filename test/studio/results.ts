// The file in which each stage leaves its counts: one JSON line a stage.

import { existsSync, readFileSync } from 'node:fs';
import { Count } from '../count.ts';

export function readCounts(file: string): Count[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => Count.parse(JSON.parse(line)));
}
