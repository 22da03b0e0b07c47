// Mocha's `spec` reporter, which also tells a listener how many tests passed and failed.

import Mocha from 'mocha';
import type { Count } from './count.ts';

/** A reporter class for `new Mocha({ reporter })` that calls `done` with the counts at the end of a run. */
export function countingReporter(done: (count: Count) => void) {
  Mocha.reporters.Base.useColors = process.env.FORCE_COLOR !== undefined; // mocha would colour logs of CI too
  return class extends Mocha.reporters.Spec {
    constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
      super(runner, options);
      runner.once('end', () => done({ passed: this.stats.passes, failed: this.stats.failures }));
    }
  };
}
