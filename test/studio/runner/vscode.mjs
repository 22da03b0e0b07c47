#!/usr/bin/env node
// A stand-in for the VS Code executable, to be given to @vscode/test-electron as `vscodeExecutablePath`: code-server
// with a browser in front of it. It understands the switches of VS Code that tests need:
//   vscode.mjs --extensionDevelopmentPath=DIR --extensionTestsPath=FILE [--user-data-dir=DIR] [FOLDER]
// and ends with the tests' verdict: 0 passed, 1 failed, 2 could not run or the host died, 3 took too long.
import { register } from 'tsx/esm/api';

register();
await import('./main.ts');
