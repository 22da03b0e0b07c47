// The scorer of a command: with the file's verifiers and judges ready to be asked. The person who gives the command
// trusts the file; whoever gives it for somebody else (an editor in a folder that is not trusted) says --untrusted.

import { dirname, join, resolve } from 'node:path';
import type { Specification } from '../spec/specification.ts';
import { Externals } from '../verify/externals.ts';
import { Scorer } from '../verify/scorer.ts';

export interface Scoring {
  scorer: Scorer;
  externals: Externals;
  end(): Promise<void>;
}

/** Judges' answers are kept beside the runs of the folder a person works in (`root`); null: they are not. */
export function openScoring(
  spec: Specification,
  file: string,
  trusted: boolean,
  root: string | null = process.cwd(),
): Scoring {
  const externals = new Externals(spec, {
    folder: dirname(resolve(file)),
    trusted,
    cacheFolder: root && join(root, '.merf', 'cache', 'judges'),
    environment: process.env,
  });
  const scorer = new Scorer(spec, externals);
  return {
    scorer,
    externals,
    end: async () => {
      await Promise.all([scorer.end(), externals.end()]);
    },
  };
}

/** What the judges were asked and what it cost, a line each; '' where none was. */
export function usageText(externals: Externals): string {
  const lines = Object.entries(externals.usage()).map(([name, usage]) => {
    const { requests, cached, inputTokens, outputTokens, dollars } = usage;
    if (requests + cached === 0) return '';
    const cost = dollars === null ? '' : `, $${dollars.toFixed(4)}`;
    return `judge ${name}: ${requests} requests, ${cached} answers known before, ${inputTokens} + ${outputTokens} tokens${cost}\n`;
  });
  return lines.join('');
}
