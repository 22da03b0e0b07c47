// The language server with all it may know around a text. dist/server.mjs, which VS Code starts, and `merf lsp`.

import { serve } from '../language/server.ts';
import { LatestNumbers } from '../run/rule_numbers.ts';
import { diskWorld } from './world.ts';

export function serveLanguage(): void {
  serve({ world: diskWorld(), numbers: new LatestNumbers() });
}
