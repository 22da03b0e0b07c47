// The syntax tree of a file to a Specification: section by section, in the order in which their names are needed. It
// always gives one, also of a broken file (hover and completion need its names); whether it may be used is decided in
// check.ts by the findings.

import type { Specification } from '../spec/specification.ts';
import { Analysis, spanOf, spanOfProperty } from './analysis.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import type * as Ast from './generated/ast.ts';
import { gatherImports } from './imports.ts';
import { checkUnusedMotivations, lowerArms } from './lower/arm.ts';
import { checkCapacity } from './lower/capacity.ts';
import { checkSplit } from './lower/data_task.ts';
import { lowerExamples } from './lower/example.ts';
import { checkHandWritten, handWritten } from './lower/hand_written.ts';
import { lowerJudges } from './lower/judge.ts';
import { checkTexts, lowerMotivations } from './lower/motivation.ts';
import { lowerPlan, STANDARD_PLAN } from './lower/plan.ts';
import { lowerPrompt } from './lower/prompt.ts';
import { checkReachable } from './lower/reachable.ts';
import { lowerResponse } from './lower/response.ts';
import { lowerReward } from './lower/reward.ts';
import { checkRightAndWrong } from './lower/right_and_wrong.ts';
import { lowerStages } from './lower/stage.ts';
import { lowerTask } from './lower/task.ts';
import { lowerVerifiers } from './lower/verifier.ts';
import { lowerWatches } from './lower/watch.ts';
import { checkSchedules } from './lower/weight.ts';
import { checkWordings } from './lower/wordings.ts';
import { checkWrittenSecrets } from './lower/written_secrets.ts';
import { sortSections } from './sections.ts';
import type { Surroundings } from './surroundings.ts';

export interface Lowered {
  specification: Specification;
  analysis: Analysis;
  /** It has nothing that makes an experiment: a file for others to import. */
  isOnlyImported: boolean;
}

export function lower(file: Ast.File, text: string, around: Surroundings): Lowered {
  const analysis = new Analysis(text, around);
  const imports = gatherImports(file, analysis);
  const sections = sortSections(file, imports.trees, analysis);
  const { experiment, arms: armNodes } = sections;
  if (experiment) {
    analysis.define({
      kind: 'experiment',
      name: experiment.name ?? '',
      signature: `experiment ${experiment.name ?? ''}`,
      doc: analysis.docOf(experiment),
      definition: spanOfProperty(experiment, 'name'),
      extent: spanOf(experiment),
    });
  }
  const task = lowerTask(sections.task, analysis);
  const prompt = lowerPrompt(sections.prompt, task, analysis);
  if (sections.task && task.data) checkSplit(sections.task, task.data, [prompt.system ?? [], prompt.user], analysis);
  const response = lowerResponse(sections.responses, task, imports.isOpen, analysis);
  const verifiers = lowerVerifiers(sections.verifiers, response, analysis);
  const judges = lowerJudges(sections.judges, response, analysis);
  const reward = lowerReward(sections.reward, sections.importedRewards, response.scope, analysis);
  const isOpen = task.isOpen || imports.isOpen;
  const isClean = !isOpen && analysis.findings.every((finding) => finding.severity !== 'error');
  if (isClean && !sections.isOnlyImported)
    for (const [name, span] of response.unread) analysis.report(DIAGNOSTICS.unusedCapture, span, name);
  const motivations = lowerMotivations(sections.motivations, reward, task, analysis);
  const train = lowerPlan(sections.train, STANDARD_PLAN, analysis);
  const arms = lowerArms(armNodes, train, prompt, motivations, analysis);
  if (!sections.isOnlyImported) checkUnusedMotivations(arms, motivations, analysis);
  checkTexts(arms, motivations, reward, analysis);
  checkSchedules(reward.rules, reward.nodes, Math.max(train.steps, ...arms.map((arm) => arm.train.steps)), analysis);
  // A plan with a mistake in it has another size than the one that was meant.
  if (analysis.findings.every(({ severity }) => severity !== 'error'))
    checkCapacity(arms, armNodes, prompt, motivations.motivations, analysis);
  const texts = handWritten(sections.prompt, motivations);
  if (isClean) {
    checkWordings(reward, response.captures, arms, analysis);
    checkReachable(reward, response.captures, analysis);
    checkRightAndWrong(sections.reward, reward, task, analysis);
    checkHandWritten(texts, motivations, reward, response.captures, arms, analysis);
  }
  const stages = lowerStages(sections.stages, train, reward, analysis);
  const watches = lowerWatches(sections.watch, reward, analysis);
  const examples = lowerExamples(sections.examples, task, reward, response.scope, analysis);
  checkWrittenSecrets(texts, examples, task.task.columns, analysis);
  return {
    specification: {
      format: 1,
      name: experiment?.name ?? '',
      doc: experiment ? analysis.docOf(experiment) : '',
      imports: imports.paths,
      task: task.task,
      prompt,
      captures: response.captures,
      verifiers,
      judges,
      rules: reward.rules,
      total: reward.total,
      motivations: motivations.motivations,
      arms,
      train,
      stages,
      watches,
      examples,
    },
    analysis,
    isOnlyImported: sections.isOnlyImported,
  };
}
