// Makes merf-studio-<version>-<target>.vsix: the built extension, its bundled model, and the one native module that
// cannot be bundled, with the binaries of one platform. They come inside its npm package, so every target can be made on
// any machine; for a platform that it has none for, the package is made without: all but training works there.
//   npm run package [-- --target linux-x64 | … | all]     (default: this machine)

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = 'node_modules/onnxruntime-node/bin/napi-v6';

/** As VS Code names platforms. */
export const TARGETS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'] as const;

/** Packages for each of the targets. Returns the paths of the files. */
export async function packageExtensions(targets: readonly string[], folder = root): Promise<string[]> {
  for (const target of targets) {
    if (TARGETS.some((known) => known === target)) continue;
    throw new Error(
      `${target} is not a platform of VS Code that is packaged for. Use one of ${TARGETS.join(', ')}, or all.`,
    );
  }
  const built = spawnSync(process.execPath, ['esbuild.mjs', '--production'], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) throw new Error('esbuild.mjs failed; nothing was packaged.');
  const files: string[] = [];
  for (const target of targets) files.push(await pack(target, folder));
  return files;
}

/** For one target, this machine's unless told. */
export async function packageExtension(target: string, folder = root): Promise<string> {
  const [file] = await packageExtensions([target], folder);
  if (file === undefined) throw new Error('Nothing was packaged.');
  return file;
}

async function pack(target: string, folder: string): Promise<string> {
  const { name, version } = z
    .object({ name: z.string(), version: z.string() })
    .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
  const packagePath = path.join(folder, `${name}-${version}-${target}.vsix`);
  const scratch = mkdtempSync(path.join(tmpdir(), 'merf-package-'));
  const ignoreFile = path.join(scratch, 'ignore');
  writeFileSync(ignoreFile, ignoreAllBut(engineFiles(target)));
  try {
    await createVSIX({
      cwd: root,
      packagePath,
      target,
      ignoreFile,
      rewriteRelativeLinks: false,
      allowMissingRepository: true,
    });
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return packagePath;
}

/** The binaries of a platform; none: onnxruntime-node has none for it. A library that lies there twice is taken once. */
export function engineFiles(target: string): string[] {
  const place = `${binaries}/${target.replace('-', '/')}`;
  if (!existsSync(path.join(root, place))) return [];
  const names = readdirSync(path.join(root, place));
  const isCopy = (name: string) =>
    /\.\d+\.\d+\.\d+\.dylib$/.test(name) && names.includes(name.replace(/(\.\d+)\.\d+\.\d+\.dylib$/, '$1.dylib'));
  return names.filter((name) => !isCopy(name)).map((name) => `${place}/${name}`);
}

/** .vscodeignore names what the extension itself holds; this adds the native module without its install scripts. */
function ignoreAllBut(files: readonly string[]): string {
  const modules = ['onnxruntime-node', 'onnxruntime-common'].flatMap((name) => [
    `!node_modules/${name}/package.json`,
    `!node_modules/${name}/dist/**/{*.js,package.json}`,
  ]);
  const own = readFileSync(path.join(root, '.vscodeignore'), 'utf8');
  return [own, ...(files.length > 0 ? modules : []), ...files.map((file) => `!${file}`)].join('\n');
}

function wantedTargets(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => word === '--target' || word.startsWith('--target='));
  const word = at < 0 ? undefined : (words[at]?.split('=')[1] ?? words[at + 1]);
  if (at >= 0 && word === undefined) throw new Error(`--target needs a platform: ${TARGETS.join(', ')}, or all.`);
  if (word === 'all') return TARGETS;
  return [word ?? `${process.platform}-${process.arch}`];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const targets = wantedTargets(process.argv.slice(2));
  const files = await packageExtensions(targets);
  files.forEach((file, i) => {
    const without =
      engineFiles(targets[i] ?? '').length === 0 ? '  (without the training engine: there is none for it)' : '';
    console.log(`${path.relative(process.cwd(), file)}  ${(statSync(file).size / 2 ** 20).toFixed(1)} MiB${without}`);
  });
  console.log('Install one with: code --install-extension FILE');
}
