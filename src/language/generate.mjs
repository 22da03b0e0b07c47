// Writes src/language/generated/ from merf.langium: `node src/language/generate.mjs`.
// Langium's command line runs Chevrotain's grammar validation, which calls Object.groupBy (Node 21 and later);
// this project builds on Node 20.19, so the function is supplied here. The generated parser does not need it.

import { fileURLToPath } from 'node:url';

Object.groupBy ??= (items, keyOf) => {
  const groups = {};
  for (const item of items) {
    const key = keyOf(item);
    groups[key] ??= [];
    groups[key].push(item);
  }
  return groups;
};

const configuration = fileURLToPath(new URL('langium-config.json', import.meta.url));
process.argv.push('generate', '--mode=production', '-f', configuration);
await import('../../node_modules/langium-cli/bin/langium.js');
