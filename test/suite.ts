// One folder's tests in a process of their own; sends the counts to the parent process.
//   node --import=tsx test/suite.ts FOLDER [GREP]

import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import { countingReporter } from './counting_reporter.ts';

const [folder = '.', grep] = process.argv.slice(2);
const mocha = new Mocha({
  timeout: 120_000,
  grep,
  reporter: countingReporter((count) => process.send?.(count)),
});
for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
  if (file.endsWith('.test.ts')) mocha.addFile(path.join(folder, file));
}
await mocha.loadFilesAsync();
mocha.run((failures) => {
  process.exitCode = failures === 0 ? 0 : 1;
  process.disconnect?.();
});
