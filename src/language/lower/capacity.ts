// Whether the longest prompt and response fit the model's context (the most tokens that it can look at), and the run the
// memory of this computer. What a row fills in is not known here, so the prompt is counted from below: its own text and
// the motivation's, at six characters a token, which no usual tokenizer reaches on prose. Nothing is said of a model that
// is not on this computer.

import type { ModelFacts } from '../../spec/facts.ts';
import { estimateMemory, type MemoryPart, showBytes } from '../../spec/memory_estimate.ts';
import type { Arm, Motivation, Prompt, Template, TrainPlan } from '../../spec/specification.ts';
import { type Analysis, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { PENDING } from '../surroundings.ts';

const CHARACTERS_PER_TOKEN = 6;

export function checkCapacity(
  arms: readonly Arm[],
  nodes: readonly Ast.ArmSection[],
  prompt: Prompt,
  motivations: readonly Motivation[],
  analysis: Analysis,
): void {
  const reported = new Set<string>();
  for (const { name, motivation, train } of arms) {
    const facts = analysis.around.model(train.model);
    if (facts === PENDING || facts === null) continue;
    const node = nodes.find((each) => each.name === name);
    const span = node ? spanOfProperty(node, 'name') : spanOf(node);
    const once = (what: string): boolean => !reported.has(what) && reported.add(what).size > 0;
    const read = motivations.find((each) => each.name === motivation);
    const least = Math.ceil(
      (lengthOf(prompt.system ?? []) + lengthOf(prompt.user) + lengthOf(read?.template ?? [])) / CHARACTERS_PER_TOKEN,
    );
    if (least + train.maxResponse > facts.context) {
      if (!once(`context ${train.model} ${train.maxResponse}`)) continue;
      analysis.report(DIAGNOSTICS.beyondContext, span, name, train.maxResponse, least, train.model, facts.context);
      continue;
    }
    const lack = lackOfMemory(facts, train, least, analysis);
    if (lack && once(JSON.stringify(train))) analysis.report(DIAGNOSTICS.beyondMemory, span, name, ...lack);
  }
}

/** What the message says of it; null: it fits. */
function lackOfMemory(
  model: ModelFacts,
  plan: TrainPlan,
  promptTokens: number,
  analysis: Analysis,
): [needed: string, parts: string, device: string, there: string, remedy: string] | null {
  const device = analysis.around.device();
  const { peak, held, generation, update } = estimateMemory(model, plan, promptTokens);
  if (device === PENDING || peak <= device.bytes) return null;
  const size = (parts: readonly MemoryPart[]): number => parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const isHeld = size(held) > device.bytes / 2;
  const isUpdate = size(update) > size(generation);
  const parts = [
    `${showBytes(size(held))} for the program, the weights and their optimizer`,
    isUpdate ? `${showBytes(size(update))} to learn` : `${showBytes(size(generation))} to write responses`,
  ].join(', ');
  const lower = isUpdate ? '`max_response` or `group`' : '`prompts`, `group` or `max_response`';
  const remedy = isHeld ? (plan.lora ? 'Use a smaller model' : 'Use `lora` or a smaller model') : `Lower ${lower}`;
  return [showBytes(peak), parts, device.name, showBytes(device.bytes), remedy];
}

function lengthOf(template: Template): number {
  return template.reduce((sum, part) => sum + (part.kind === 'text' ? part.text.length : 0), 0);
}
