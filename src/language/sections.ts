// The sections of a file by what they are, in any order: which may stand once, which must be there, and what of an imported
// file joins them.

import { type Analysis, spanOf } from './analysis.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import type * as Ast from './generated/ast.ts';

export interface Sections {
  experiment?: Ast.Experiment;
  task?: Ast.TaskSection;
  prompt?: Ast.PromptSection;
  reward?: Ast.RewardSection;
  train?: Ast.TrainSection;
  watch?: Ast.WatchSection;
  /** Of imported files, then the file's own. */
  responses: Ast.ResponseSection[];
  importedRewards: Ast.RewardSection[];
  verifiers: Ast.VerifierSection[];
  judges: Ast.JudgeSection[];
  motivations: Ast.MotivationSection[];
  arms: Ast.ArmSection[];
  stages: Ast.StageSection[];
  examples: Ast.ExampleSection[];
  isOnlyImported: boolean;
}

const REQUIRED = {
  experiment: 'experiment my_experiment',
  task: 'task knights_and_knaves',
  prompt: 'prompt { user "{quiz}" }',
  reward: 'reward { rule … }',
} as const;

/** @param imported trees of the files that stand before it: of them only what can be shared is taken */
export function sortSections(file: Ast.File, imported: readonly Ast.File[], analysis: Analysis): Sections {
  const sections: Sections = {
    responses: [],
    importedRewards: [],
    verifiers: [],
    judges: [],
    motivations: [],
    arms: [],
    stages: [],
    examples: [],
    isOnlyImported: isOnlyImported(file),
  };
  for (const tree of imported) takeShared(tree, sections);
  let response: Ast.ResponseSection | null = null;
  const once = <K extends keyof Sections>(word: K, node: Ast.Section & Sections[K]): void => {
    if (sections[word]) analysis.report(DIAGNOSTICS.sectionTwice, headOf(node, word), word);
    else sections[word] = node;
  };
  for (const section of file.sections ?? []) {
    switch (section?.$type) {
      case 'Experiment':
        once('experiment', section);
        break;
      case 'TaskSection':
        once('task', section);
        break;
      case 'PromptSection':
        once('prompt', section);
        break;
      case 'ResponseSection':
        if (response) analysis.report(DIAGNOSTICS.sectionTwice, headOf(section, 'response'), 'response');
        else sections.responses.push(section);
        response = section;
        break;
      case 'RewardSection':
        once('reward', section);
        break;
      case 'TrainSection':
        once('train', section);
        break;
      case 'WatchSection':
        once('watch', section);
        break;
      case 'VerifierSection':
        sections.verifiers.push(section);
        break;
      case 'JudgeSection':
        sections.judges.push(section);
        break;
      case 'MotivationSection':
        sections.motivations.push(section);
        break;
      case 'ArmSection':
        sections.arms.push(section);
        break;
      case 'StageSection':
        sections.stages.push(section);
        break;
      case 'ExampleSection':
        sections.examples.push(section);
        break;
    }
  }
  const start = { start: 0, end: Math.min(1, analysis.ownEnd) };
  if (sections.isOnlyImported) {
    analysis.report(DIAGNOSTICS.onlyImported, start);
    return sections;
  }
  for (const word of ['experiment', 'task', 'prompt', 'reward'] as const) {
    if (word === 'reward' && sections.importedRewards.length > 0) continue;
    if (!sections[word]) analysis.report(DIAGNOSTICS.missingSection, start, 'The file', word, REQUIRED[word]);
  }
  if (sections.arms.length === 0) analysis.report(DIAGNOSTICS.noArm, start);
  return sections;
}

const SHARED = [
  'ImportSection',
  'ResponseSection',
  'VerifierSection',
  'JudgeSection',
  'RewardSection',
  'MotivationSection',
];

/** Only what can be imported, and something of that. */
function isOnlyImported(file: Ast.File): boolean {
  const sections = file.sections ?? [];
  return sections.length > 0 && sections.every((section) => section && SHARED.includes(section.$type));
}

function takeShared(tree: Ast.File, sections: Sections): void {
  for (const section of tree.sections ?? []) {
    if (section?.$type === 'ResponseSection') sections.responses.push(section);
    else if (section?.$type === 'RewardSection') sections.importedRewards.push(section);
    else if (section?.$type === 'VerifierSection') sections.verifiers.push(section);
    else if (section?.$type === 'JudgeSection') sections.judges.push(section);
    else if (section?.$type === 'MotivationSection') sections.motivations.push(section);
  }
}

/** The section's first word. */
function headOf(node: Ast.Section, word: string): { start: number; end: number } {
  const { start } = spanOf(node);
  return { start, end: start + word.length };
}
