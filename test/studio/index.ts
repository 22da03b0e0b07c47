// What VS Code calls in its extension host: runs the stages (the folders stage_1, stage_2, …) one after the other, each
// in a freshly reloaded window. The results file holds one line for each stage that has ended, so that a reloaded
// window knows where it is.

import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import { type Count, sum } from '../count.ts';
import { countingReporter } from '../counting_reporter.ts';
import { readCounts } from './results.ts';
import { hasBridge, printer, tell } from './window.ts';

export async function run(): Promise<void> {
  const results = process.env.STUDIO_RESULTS;
  if (results === undefined) throw new Error('STUDIO_RESULTS must name the file for the counts');
  const { print, flushed } = printer();
  if (hasBridge) Mocha.reporters.Base.consoleLog = print;
  if (hasBridge) await tell('reloaded', { pid: process.pid });
  const stages = readdirSync(__dirname)
    .filter((name) => name.startsWith(process.env.STUDIO_STAGES ?? 'stage_'))
    .sort();
  const stage = readCounts(results).length;
  const count = await runStage(path.join(__dirname, stages[stage] ?? ''));
  await flushed();
  appendFileSync(results, `${JSON.stringify(count)}\n`);
  if (stage + 1 < stages.length) {
    if (hasBridge) await tell('reloading');
    await vscode.commands.executeCommand('workbench.action.reloadWindow');
    return new Promise(() => {}); // this host ends here, and the next one goes on
  }
  const { failed } = sum(readCounts(results));
  if (hasBridge) await tell('verdict', { ok: failed === 0 });
  if (failed > 0) throw new Error(`${failed} failed`);
}

/** Never fails itself: a stage that cannot be loaded counts as one failure. */
async function runStage(folder: string): Promise<Count> {
  let count: Count = { passed: 0, failed: 1 };
  const mocha = new Mocha({
    timeout: 120_000,
    grep: process.env.STUDIO_GREP,
    reporter: countingReporter((counted) => {
      count = counted;
    }),
  });
  try {
    for (const file of readdirSync(folder).sort()) {
      if (file.endsWith('.test.cjs')) mocha.addFile(path.join(folder, file));
    }
    await mocha.loadFilesAsync();
    await new Promise((resolve) => mocha.run(resolve));
  } catch (error) {
    Mocha.reporters.Base.consoleLog(error);
  }
  return count;
}
