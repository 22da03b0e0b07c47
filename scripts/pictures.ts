// Takes the pictures in docs/pictures, of the panels and of the editor, in a real VS Code.
//   npm run pictures -- FOLDER [WORDS]     (FOLDER/.merf/runs holds the runs to show; WORDS: only some of the pictures)

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStudio } from '../test/studio/run.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
process.env.STUDIO_PICTURES ??= path.join(root, 'docs', 'pictures');
const { failed } = await runStudio(root, {
  stages: 'showcase',
  runs: path.resolve(process.argv[2] ?? '.'),
  grep: process.argv[3],
});
process.exit(failed === 0 ? 0 : 1);
