// Makes `npx merf …` work inside the checkout: npm links the binaries of dependencies, not the project's own.
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';

const target = 'node_modules/.bin/merf';
mkdirSync('node_modules/.bin', { recursive: true });
chmodSync('dist/merf.mjs', 0o755);
for (const file of [target, `${target}.cmd`]) rmSync(file, { force: true });
if (process.platform === 'win32') writeFileSync(`${target}.cmd`, '@node "%~dp0..\\..\\dist\\merf.mjs" %*\r\n');
else symlinkSync('../../dist/merf.mjs', target);
