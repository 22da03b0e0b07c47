// Makes merf-studio-<version>-<target>.vsix: the built extension, its bundled model, and the one native module that
// cannot be bundled, with the binaries of one platform.
//   npm run package [-- --target=win32-x64]     (default: this machine)

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Packages for `target`, as VS Code names platforms: `linux-x64`, `win32-arm64`. Returns the path of the file. */
export async function packageExtension(target: string, folder = root): Promise<string> {
  const binaries = `node_modules/onnxruntime-node/bin/napi-v6/${target.replace('-', '/')}`;
  if (!existsSync(path.join(root, binaries))) {
    throw new Error(
      `onnxruntime-node has no binaries for ${target}. Package for one of the folders of ${path.dirname(path.dirname(binaries))}.`,
    );
  }
  const built = spawnSync(process.execPath, ['esbuild.mjs', '--production'], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) throw new Error('esbuild.mjs failed; nothing was packaged.');
  const { name, version } = z
    .object({ name: z.string(), version: z.string() })
    .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
  const packagePath = path.join(folder, `${name}-${version}-${target}.vsix`);
  const scratch = mkdtempSync(path.join(tmpdir(), 'merf-package-'));
  const ignoreFile = path.join(scratch, 'ignore');
  writeFileSync(ignoreFile, ignoreAllBut(binaries));
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

/** .vscodeignore names what the extension itself holds; this adds the native module without its install scripts. */
function ignoreAllBut(binaries: string): string {
  const modules = ['onnxruntime-node', 'onnxruntime-common'].flatMap((name) => [
    `!node_modules/${name}/package.json`,
    `!node_modules/${name}/dist/**/{*.js,package.json}`,
  ]);
  return [readFileSync(path.join(root, '.vscodeignore'), 'utf8'), ...modules, `!${binaries}/**`].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.find((word) => word.startsWith('--target='))?.slice('--target='.length);
  const file = await packageExtension(named ?? `${process.platform}-${process.arch}`);
  console.log(`${path.relative(process.cwd(), file)}  ${(statSync(file).size / 2 ** 20).toFixed(1)} MiB`);
  console.log(`Install it with: code --install-extension ${path.relative(process.cwd(), file)}`);
}
