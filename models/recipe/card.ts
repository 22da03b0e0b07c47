// The model card that goes with the weights (README.md, in Hugging Face's form).

export interface CardFacts {
  parameters: number;
  vocabulary: number;
  samples: number;
  tokens: number;
  seconds: number;
  seed: number;
  threads: number;
}

export function modelCard(facts: CardFacts): string {
  const millions = (value: number) => `${(value / 1e6).toFixed(1)} million`;
  return `---
license: mit
library_name: transformers
pipeline_tag: text-generation
---

# tiny

A Qwen2 decoder of ${millions(facts.parameters)} parameters (${facts.vocabulary} tokens in the vocabulary) for the demonstration of MeRF Studio:
small enough to be trained by reinforcement on a CPU in minutes. It writes short step-by-step reasoning about
Knights-and-Knaves puzzles of two and three people, seldom to the end, and takes notice of scoring rules in its
prompt. It knows nothing else: its whole language is a few hundred words.

Made from random weights by \`npm run pretrain\` (seed ${facts.seed}, ${facts.threads} thread${facts.threads === 1 ? '' : 's'}): ${facts.samples.toLocaleString('en')} synthetic samples,
${millions(facts.tokens)} tokens, ${Math.round(facts.seconds / 60)} minutes. What it saw, what was held out and what it scores:
docs/bundled-model.md of the repository. Prompts are ChatML, without a default system text.
`;
}
