// Markdown and mathematics as a file of their own beside a panel (scripts/panels.mjs), with the fonts that a report, which
// may load nothing, does without.

import 'katex/dist/katex.css';

export { appendMarkdown } from './rollouts/markdown.ts';
