// A report: one HTML file with the panels' own code, the runs' curves and a bounded sample of their rollouts inside.
// It loads nothing: its content security policy admits only its own script and style, by their hashes.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MetricsLine, RolloutLine } from '../run/format.ts';
import { readRollouts, readRun, rolloutSets } from '../run/read.ts';
import { type ReportView, type RolloutSet, type RunView, type Sample, sampleOf } from '../run/view.ts';
import { replaceFile, writing } from '../run/write.ts';
import { MerfError } from '../spec/error.ts';
import { escaped } from '../spec/markup.ts';
import { version } from './version.ts';

export interface ReportOptions {
  language?: 'en' | 'ja';
  title?: string;
}

/** Most points of a curve; longer runs are thinned evenly, their last step kept. */
const POINTS = 600;
/** Bytes of JSON for rollouts over all runs, and the part of it that tokens may take. */
const ROLLOUT_BYTES = 3_000_000;
const TOKEN_BYTES = 1_500_000;

/** Writes the report of some runs. Returns the file's size in bytes. @throws MerfError when a run cannot be read. */
export function writeReport(runFolders: readonly string[], outFile: string, options: ReportOptions = {}): number {
  if (runFolders.length === 0) throw new MerfError('A report needs a run.', 'Name at least one run folder.');
  const runs = runFolders.map((folder) => thinned(readRun(resolve(folder))));
  const data: ReportView = {
    title: options.title ?? [...new Set(runs.map((run) => run.record.experiment))].join(', '),
    language: options.language ?? 'en',
    made: Date.now(),
    version,
    runs,
    rollouts: tracesOf(runs),
  };
  if (statSync(outFile, { throwIfNoEntry: false })?.isDirectory()) {
    throw new MerfError(`${outFile} is a folder.`, 'Name a file in it with --out, such as report.html.');
  }
  const html = reportPage(data, panelFile('report.js'), panelFile('report.css'));
  const folder = dirname(resolve(outFile));
  writing(folder, () => mkdirSync(folder, { recursive: true }));
  replaceFile(resolve(outFile), html);
  return Buffer.byteLength(html);
}

/**
 * Code that neither ends its own element nor begins a comment in it, and means the same: it has these characters only in
 * texts and regular expressions, where an escaped one is the character.
 */
function inElement(code: string): string {
  return code.replaceAll('<!--', '<\\x21--').replaceAll(/<\/(?=script)/gi, '<\\/');
}

/** The whole page. Pure. */
export function reportPage(data: ReportView, script: string, style: string): string {
  const code = inElement(script.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  const css = style.replace(/\n\/\*# sourceMappingURL=.*?\*\/\s*$/, '\n');
  if (/<\/style/i.test(css)) throw new Error('the panel style would end its own element');
  const policy = `default-src 'none'; script-src ${hashOf(code)}; style-src ${hashOf(css)}; img-src data: blob:`;
  return `<!DOCTYPE html>
<html lang="${data.language}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(data.title)}</title>
<style>${css}</style>
</head>
<body>
<script type="application/json" id="data">${scriptSafe(JSON.stringify(data))}</script>
<script>${code}</script>
</body>
</html>
`;
}

/** JSON that may stand in a script element: no `<` at all, so neither an end tag nor a comment can begin. */
export function scriptSafe(json: string): string {
  return json.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** A built file of the panels: beside the bundled command, or in dist/ when the source runs as it is. */
function panelFile(name: string): string {
  const places = [`./webview/${name}`, `../../dist/webview/${name}`].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const found = places.find((place) => existsSync(place));
  if (found) return readFileSync(found, 'utf8');
  throw new MerfError(`The report's page ${name} has not been built.`, 'Build it with: npm run build.');
}

function thinned(run: RunView): RunView {
  const every = Math.ceil(run.metrics.length / POINTS);
  const kept = run.metrics.filter((_line, index) => every <= 1 || (run.metrics.length - 1 - index) % every === 0);
  return { ...run, metrics: kept.map(shortened) };
}

function shortened({ step, time, values }: MetricsLine): MetricsLine {
  const entries = Object.entries(values).map(([name, value]) => [name, Number(value.toPrecision(6))]);
  return { step, time: Number(time.toFixed(2)), values: Object.fromEntries(entries) };
}

/** The first, a middle and the last training step, and the first and last evaluation of each kind, within the bound. */
export function tracesOf(runs: readonly RunView[]): ReportView['rollouts'] {
  const wanted = runs.flatMap(({ folder }) => chosenSets(rolloutSets(folder)).map((set) => ({ folder, set })));
  const share = ROLLOUT_BYTES / Math.max(1, wanted.length);
  const tokenShare = TOKEN_BYTES / Math.max(1, wanted.length);
  return wanted.map(({ folder, set }) => {
    const samples = bounded(spread(readRollouts(folder, set), set), share, tokenShare);
    return { folder, set, samples };
  });
}

function chosenSets(sets: readonly RolloutSet[]): RolloutSet[] {
  const kind = (name: RolloutSet['kind']) => sets.filter((set) => set.kind === name);
  const ends = (list: RolloutSet[]) => [list[0], list.at(-1)];
  const train = kind('train');
  const picked = [
    train[0],
    train[Math.floor(train.length / 2)],
    train.at(-1),
    ...ends(kind('motivation')),
    ...ends(kind('none')),
  ];
  return [...new Set(picked.filter((set) => set !== undefined))];
}

/** Of a training step four whole groups, of an evaluation sixteen rows, evenly over the file. */
function spread(lines: readonly RolloutLine[], set: RolloutSet): { line: RolloutLine; index: number }[] {
  const all = lines.map((line, index) => ({ line, index }));
  const prompts = [...new Set(lines.map((line) => line.prompt_index))];
  const count = set.kind === 'train' ? 4 : 16;
  const every = Math.max(1, Math.floor(prompts.length / count));
  const kept = new Set(prompts.filter((_prompt, index) => index % every === 0).slice(0, count));
  return all.filter(({ line }) => kept.has(line.prompt_index));
}

/** As many as fit; tokens (to three digits) only as long as they fit too. */
function bounded(chosen: readonly { line: RolloutLine; index: number }[], bytes: number, tokenBytes: number): Sample[] {
  const samples: Sample[] = [];
  let used = 0;
  let usedByTokens = 0;
  for (const { line, index } of chosen) {
    const plain = sampleOf(line, index, false);
    used += JSON.stringify(plain).length;
    if (used > bytes && samples.length > 0) break;
    const full = sampleOf(line, index, true);
    const tokens = full.tokens && {
      texts: full.tokens.texts,
      logProbabilities: full.tokens.logProbabilities.map((value) => Number(value.toFixed(3))),
      entropies: full.tokens.entropies.map((value) => Number(value.toFixed(3))),
    };
    usedByTokens += JSON.stringify(tokens).length;
    samples.push({ ...plain, tokens: usedByTokens <= tokenBytes ? tokens : null });
  }
  return samples;
}
