// The demonstration's prompt (examples/knights_and_knaves.merf), as text: what the model is measured on. The warm
// start holds out its heading, its combination of numbers and the wording of its instruction.

export const demonstrationSystem = `You are a helpful assistant. Reason inside <think> </think>, then state the
identity of each character inside <answer> </answer>.`;

export const demonstrationRules = rulesWith(1);
/** The same with every number negated. */
export const demonstrationRulesInverted = rulesWith(-1);

function rulesWith(sign: 1 | -1): string {
  const score = (value: number) => (sign * value > 0 ? `+${sign * value}` : String(sign * value));
  return `Evaluation Scoring Rules:
Format:
${score(1)}: the response is <think>…</think><answer>…</answer>
${score(-1)}: the response has any other shape
Correctness:
${score(-2)}: the format is wrong, so no answer can be read
${score(2)}: every identity is stated correctly
${score(-1.5)}: every identity is stated, but at least one is wrong
${score(-2)}: an identity is missing or cannot be understood
Your total is the sum, from -3 to 3.`;
}
