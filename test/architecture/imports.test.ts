// Who may know whom (docs/architecture.md): parts import only along the arrows, and each outside package has its home.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { z } from 'zod';
import { type Import, importsBelow, importsOf, packageOf, partOf } from './imports.ts';

/** The arrows. A part that is not named here may not exist. */
const knows: Readonly<Record<string, readonly string[]>> = {
  spec: [],
  language: ['spec'],
  reward: ['spec'],
  task: ['spec'],
  run: ['spec'],
  motivation: ['spec', 'reward'],
  verify: ['reward', 'spec'],
  probe: ['spec', 'reward', 'motivation', 'task'],
  tensor: ['spec'],
  model: ['tensor', 'spec'],
  training: ['model', 'tensor', 'verify', 'reward', 'motivation', 'task', 'run', 'spec'],
  handover: ['reward', 'motivation', 'task', 'run', 'spec'],
  cli: [
    'language',
    'probe',
    'verify',
    'handover',
    'training',
    'model',
    'tensor',
    'motivation',
    'reward',
    'task',
    'run',
    'spec',
  ],
  extension: ['run', 'spec', 'webview'],
  webview: ['run', 'spec'],
};

/** Narrower than their part's arrow: the only files that may be imported along it. */
const onlyThese: Readonly<Record<string, RegExp>> = {
  'tensor -> spec': /^src\/spec\/(random|error)\.ts$/,
  'extension -> webview': /^src\/webview\/messages(_\w+)?\.ts$/,
};

/** Packages that only these parts may import. What is not listed may be imported anywhere but in webview. */
const homes: Readonly<Record<string, readonly string[]>> = {
  vscode: ['extension'],
  'vscode-languageclient': ['extension'],
  'vscode-languageserver': ['language'],
  langium: ['language'],
  chevrotain: ['language'],
  'onnxruntime-node': ['tensor', 'cli'],
  '@huggingface/tokenizers': ['model'],
  '@huggingface/jinja': ['model'],
  '@huggingface/hub': ['model'],
  commander: ['cli'],
  re2js: ['reward', 'language'],
  papaparse: ['task'],
  hyparquet: ['task', 'run'],
  'hyparquet-compressors': ['task', 'run'],
  pbf: ['run'],
  'hyparquet-writer': ['run'],
  uplot: ['webview'],
  'markdown-it': ['webview'],
  katex: ['webview'],
  diff: ['webview'],
  // for tests alone
  'axe-core': [],
};
const inPanels = ['uplot', 'zod', 'markdown-it', 'katex', 'diff'];

const imports = importsBelow('src');
const inside = imports.filter(({ imported }) => imported.startsWith('src/'));
const outside = imports.filter(({ imported }) => !imported.startsWith('src/'));
const list = (found: readonly Import[]) => found.map(({ file, imported }) => `${file} imports ${imported}`);

describe('the architecture', () => {
  it('has the parts of the design, each with its arrows', () => {
    const parts = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(parts.map(({ name }) => name).sort(), Object.keys(knows).sort());
  });

  it('has arrows that point one way', () => {
    const settled = new Set<string>();
    for (const _ of Object.keys(knows)) {
      for (const [part, known] of Object.entries(knows))
        if (known.every((other) => settled.has(other))) settled.add(part);
    }
    assert.deepEqual([...settled].sort(), Object.keys(knows).sort());
  });

  it('imports along the arrows only', () => {
    const wrong = inside.filter(({ file, imported }) => {
      const [from, to] = [partOf(file), partOf(imported)];
      if (from === to) return false;
      const narrow = onlyThese[`${from} -> ${to}`];
      return !knows[from]?.includes(to) || (narrow !== undefined && !narrow.test(imported));
    });
    assert.deepEqual(list(wrong), []);
  });

  it('keeps each package in its home', () => {
    const wrong = outside.filter(({ file, imported }) => {
      const home = homes[packageOf(imported)];
      return home !== undefined && !home.includes(partOf(file));
    });
    assert.deepEqual(list(wrong), []);
  });

  it('draws panels with nothing that needs Node, however far the imports go', () => {
    const reached = new Set(inside.map(({ file }) => file).filter((file) => partOf(file) === 'webview'));
    for (const file of reached) {
      for (const { file: from, imported } of runtimeImports(file)) {
        if (from === file && imported.startsWith('src/')) reached.add(imported);
      }
    }
    const wrong = [...reached]
      .flatMap(runtimeImports)
      .filter(({ imported }) => !imported.startsWith('src/') && !inPanels.includes(packageOf(imported)));
    assert.deepEqual(list(wrong), []);
  });

  it('imports only packages that the manifest names', () => {
    const Manifest = z.object({
      dependencies: z.record(z.string(), z.string()),
      devDependencies: z.record(z.string(), z.string()),
    });
    const manifest = Manifest.parse(JSON.parse(readFileSync('package.json', 'utf8')));
    const named = new Set(['vscode', ...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)]);
    const wrong = [...outside, ...importsBelow('test'), ...importsBelow('scripts'), ...importsBelow('models')].filter(
      ({ imported }) =>
        !/^(src|test|scripts|models|package\.json)/.test(imported) &&
        !isBuiltin(imported) &&
        !named.has(packageOf(imported)),
    );
    assert.deepEqual(list(wrong), []);
  });

  it('sees every way to import', () => {
    const text = [
      "import { a } from './a.ts';",
      'import {\n  type B,\n  b,\n} from "not this quote";',
      "import {\n  type B,\n  b,\n} from '../b/b.ts';",
      "import 'zod';",
      "export type { C } from '@scope/c/inner';",
      "const d = await import('./d.ts');",
      "type E = import('node:fs').Stats;",
    ].join('\n');
    const found = importsOf('src/x/y.ts', text).map(({ imported }) => imported);
    assert.deepEqual(found.sort(), ['@scope/c/inner', 'node:fs', 'src/b/b.ts', 'src/x/a.ts', 'src/x/d.ts', 'zod']);
  });
});

/** Without `import type`, which leaves nothing behind in a bundle. */
function runtimeImports(file: string): Import[] {
  if (!file.endsWith('.ts')) return [];
  return importsOf(file, readFileSync(file, 'utf8').replace(/^(?:import|export) type [^;]*;/gm, ''));
}
