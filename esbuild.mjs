// Builds everything that runs into dist/: the extension, the language server, the `merf` command and the panels.
//   node esbuild.mjs [--watch] [--production]
import { writeFileSync } from 'node:fs';
import { build, context } from 'esbuild';
import { licences } from './scripts/licences.mjs';
import { panelBuilds, zodInEnglish } from './scripts/panels.mjs';

const production = process.argv.includes('--production');
const shared = {
  bundle: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: 'warning',
  legalComments: 'none', // dist/licences.txt has them all
  metafile: true,
  plugins: [zodInEnglish],
};
const onNode = {
  ...shared,
  platform: 'node',
  target: 'node20',
  external: ['vscode', 'onnxruntime-node', '@tensorflow/tfjs', '@tensorflow/tfjs-node-gpu'],
};
/** ES modules that bundle CommonJS packages need `require`. */
const requireBanner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";
const esm = (banner) => ({ ...onNode, format: 'esm', banner: { js: banner } });

const targets = [
  { ...onNode, format: 'cjs', entryPoints: ['src/extension/extension.ts'], outfile: 'dist/extension.cjs' },
  { ...esm(requireBanner), entryPoints: ['src/cli/server.ts'], outfile: 'dist/server.mjs' },
  { ...esm(`#!/usr/bin/env node\n${requireBanner}`), entryPoints: ['src/cli/main.ts'], outfile: 'dist/merf.mjs' },
  { ...esm(requireBanner), entryPoints: ['src/verify/score_worker.ts'], outfile: 'dist/score_worker.mjs' },
  // always small: a panel is loaded again whenever it was hidden, and the report carries its code along
  ...panelBuilds({ outdir: 'dist/webview', sourcemap: shared.sourcemap, metafile: true }),
];

if (process.argv.includes('--watch')) {
  for (const target of targets) await (await context(target)).watch();
} else {
  const built = await Promise.all(targets.map((target) => build(target)));
  writeFileSync('dist/licences.txt', `${licences(built.map(({ metafile }) => metafile))}\n`);
}
