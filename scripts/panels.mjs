// How the panels' scripts are built: for the extension (esbuild.mjs), and for the browser tests, which show the same. A
// panel is one file, so that it is there after one request; what it imports dynamically is a file beside it, asked for
// when it is first needed. The report carries everything along.

import path from 'node:path';

/** Zod brings its messages in fifty languages, half of a panel's size; ours are our own. */
export const zodInEnglish = {
  name: 'zod in English',
  setup: (bundle) =>
    bundle.onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer, resolveDir }) =>
      /[\\/]zod[\\/]/.test(importer) ? { path: path.resolve(resolveDir, '../locales/en.js') } : undefined,
    ),
};

const besideIt = {
  name: 'what is imported dynamically lies beside it',
  setup: (bundle) =>
    bundle.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path: file }) =>
      kind === 'dynamic-import' ? { path: `./${path.basename(file, '.ts')}.js`, external: true } : undefined,
    ),
};

/** esbuild's options for all of them. */
export function panelBuilds(options) {
  const shared = {
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
    legalComments: 'none', // dist/licences.txt has them all
    loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty' },
    ...options,
  };
  const panels = ['curves', 'rollouts', 'compare', 'preview'].map((panel) => `src/webview/${panel}.ts`);
  const later = { in: 'src/webview/markdown.ts', out: 'markdown' };
  const entryPoints = [...panels.map((file) => ({ in: file, out: path.basename(file, '.ts') })), later];
  return [
    { ...shared, format: 'esm', entryPoints, plugins: [zodInEnglish, besideIt] },
    { ...shared, format: 'iife', entryPoints: ['src/webview/report.ts'], plugins: [zodInEnglish] },
  ];
}
