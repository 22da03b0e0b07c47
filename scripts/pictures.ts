// Takes the pictures in docs/pictures: both panels, light and dark, in a real VS Code.
//   npm run pictures -- FOLDER     (FOLDER/.merf/runs holds the runs to show)

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStudio } from '../test/studio/run.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
process.env.STUDIO_PICTURES ??= path.join(root, 'docs', 'pictures');
const { failed } = await runStudio(root, { stages: 'showcase', runs: path.resolve(process.argv[2] ?? '.') });
process.exit(failed === 0 ? 0 : 1);
