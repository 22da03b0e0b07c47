// A probe's findings with their places in files and as examples: what `merf probe --format json` prints and an editor
// shows at the rules. A finding's range goes from its rule or case to the end of that line.

import { dirname, join } from 'node:path';
import { type Position, readSource } from '../../language/check.ts';
import { writeExample } from '../../language/write_example.ts';
import type { Finding, ProbeReport } from '../../probe/report.ts';
import type { Row } from '../../reward/row.ts';
import type { Specification } from '../../spec/specification.ts';

export interface LocatedReport extends Omit<ProbeReport, 'findings'> {
  file: string;
  findings: LocatedFinding[];
}

export interface LocatedFinding extends Finding {
  /** The file it is in: that of the rule, where it was imported. */
  file: string;
  range: { start: Position; end: Position };
  /** The response as an `example` of the file, ready to be put into it; '' where there is none. */
  example: string;
}

export async function located(
  file: string,
  spec: Specification,
  rows: readonly Row[],
  report: ProbeReport,
): Promise<LocatedReport> {
  const texts = new Map<string, string[]>();
  const findings: LocatedFinding[] = [];
  for (const finding of report.findings) {
    const { line, column, file: imported } = finding.place;
    const path = imported === undefined ? file : join(dirname(file), imported);
    const lines = texts.get(path) ?? (await readSource(path)).split(/\r?\n/);
    texts.set(path, lines);
    const end = { line, character: Math.max(column, lines[line]?.trimEnd().length ?? column) };
    const range = { start: { line, character: column }, end };
    findings.push({ ...finding, file: path, range, example: exampleOf(spec, rows, finding) });
  }
  return { ...report, file, findings };
}

function exampleOf(spec: Specification, rows: readonly Row[], finding: Finding): string {
  const row = rows[finding.row];
  if (row === undefined) return '';
  const { kind, response, reward, scores, given, tokens, finished } = finding;
  const name = kind.replaceAll('_', ' ');
  return writeExample(spec, { name, row: { ...row }, response, tokens, finished, given, reward, rules: scores });
}
