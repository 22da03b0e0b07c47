// Pictures of the panels and of the editor with the runs of a folder (FOLDER/.merf/runs, for example those of
// `npm run demo`).
//   npm run pictures -- FOLDER panels     every panel in every theme, in Japanese and narrow, into .vscode-test/panels
//   npm run pictures -- FOLDER [WORDS]    those of docs/pictures, in a real VS Code (WORDS: only some of them)

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { explain } from '../src/spec/error.ts';
import { runStudio } from '../test/studio/run.ts';
import { panelPictures } from './panel_pictures.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const [folder = '.', words] = process.argv.slice(2);

if (words === 'panels') {
  const target = process.env.STUDIO_PICTURES ?? path.join(root, '.vscode-test', 'panels');
  try {
    console.log(`${await panelPictures(path.resolve(folder), target)} pictures in ${target}`);
  } catch (error) {
    console.error(explain(error));
    process.exit(1);
  }
} else {
  process.env.STUDIO_PICTURES ??= path.join(root, 'docs', 'pictures');
  const { failed } = await runStudio(root, { stages: 'showcase', runs: path.resolve(folder), grep: words });
  process.exit(failed === 0 ? 0 : 1);
}
