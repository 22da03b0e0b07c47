// The `merf` command: every capability without an editor. Each subcommand is a file in commands/ that registers
// itself and loads its parts only when it runs, so that `merf --help` stays quick.

import { Command } from 'commander';
import { explain, isForPerson } from '../spec/error.ts';
import { registerCheck } from './commands/check.ts';
import { registerData } from './commands/data.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerExample } from './commands/example.ts';
import { registerHandover } from './commands/handover.ts';
import { registerLift } from './commands/lift.ts';
import { registerLogprobs } from './commands/logprobs.ts';
import { registerLsp } from './commands/lsp.ts';
import { registerMerge } from './commands/merge.ts';
import { registerModels } from './commands/models.ts';
import { registerMotivation } from './commands/motivation.ts';
import { registerPlan } from './commands/plan.ts';
import { registerProbe } from './commands/probe.ts';
import { registerPrompt } from './commands/prompt.ts';
import { registerReport } from './commands/report.ts';
import { registerRuns } from './commands/runs.ts';
import { registerSample } from './commands/sample.ts';
import { registerScore } from './commands/score.ts';
import { registerTest } from './commands/test.ts';
import { registerTrain } from './commands/train.ts';
import { version } from './version.ts';

const program = new Command('merf')
  .description('Specify a reward in one .merf file; check it, score with it, train with it.')
  .version(version)
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'merf: ')) })
  .showHelpAfterError('(merf --help lists the commands)')
  .showSuggestionAfterError();

for (const register of [
  registerCheck,
  registerTest,
  registerProbe,
  registerScore,
  registerMotivation,
  registerPrompt,
  registerData,
  registerSample,
  registerLogprobs,
  registerPlan,
  registerTrain,
  registerMerge,
  registerModels,
  registerRuns,
  registerExample,
  registerLift,
  registerReport,
  registerDemo,
  registerHandover,
  registerDoctor,
  registerLsp,
]) {
  register(program);
}
for (const command of program.commands) {
  command.showHelpAfterError(`(merf ${command.name()} --help lists its options)`);
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`merf: ${isForPerson(error) ? explain(error) : stackOf(error)}\n`);
  process.exitCode = 1;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
