// What findings say to a person: what is odd about a form, and what to do about it.

import type { Part } from './form.ts';
import type { FormFlaw, Severity } from './report.ts';

interface FlawWords {
  /** "A right answer …" */
  phrase: string;
  remedy: string;
  severity: Severity;
}

const EXACTLY = 'Ask for `exactly(PARTS)`, which wants each part once, in this order, and nothing outside them.';
const LOOK = 'If it must not be, add a case that gives less for it; else watch for it in the rollouts.';

export const FLAW_WORDS: Readonly<Record<FormFlaw, FlawWords>> = {
  missing_reasoning: { phrase: 'without its reasoning part', remedy: EXACTLY, severity: 'warning' },
  missing_answer: { phrase: 'without its answer part', remedy: EXACTLY, severity: 'warning' },
  empty_reasoning: {
    phrase: 'whose reasoning is empty',
    remedy:
      'Ask for some, for example `length(words(REASONING)) >= 20` beside the condition: a model drops what is not asked for.',
    severity: 'warning',
  },
  repeated_part: { phrase: 'with a part that is there twice', remedy: EXACTLY, severity: 'warning' },
  nested_parts: { phrase: 'with one part inside another', remedy: EXACTLY, severity: 'warning' },
  wrong_order: { phrase: 'with its parts in another order', remedy: EXACTLY, severity: 'warning' },
  text_before: { phrase: 'with text before its parts', remedy: EXACTLY, severity: 'warning' },
  text_between: { phrase: 'with text between its parts', remedy: EXACTLY, severity: 'warning' },
  text_after: { phrase: 'with text after its parts', remedy: EXACTLY, severity: 'warning' },
  reasoning_in_answer: {
    phrase: 'with reasoning inside the answer',
    remedy: 'Bound the answer, for example `length(words(ANSWER)) <= 40`, or read all of it and not a part.',
    severity: 'warning',
  },
  several_answers: {
    phrase: 'that gives other answers too',
    remedy: 'Capture the answer so that more than one is `none`, or count what is stated and ask for one.',
    severity: 'warning',
  },
  restarted_conversation: {
    phrase: 'that begins the conversation again',
    remedy: 'Add a case for it: `contains(response, "<|im_start|>")`, with the marks of your model’s chat template.',
    severity: 'warning',
  },
  invisible_characters: { phrase: 'with characters that nobody sees', remedy: LOOK, severity: 'information' },
  look_alike_letters: { phrase: 'with letters of two alphabets in a word', remedy: LOOK, severity: 'information' },
  repetition: {
    phrase: 'that says the same again and again',
    remedy: 'Add a rule that bounds the length, or looks for repetition.',
    severity: 'information',
  },
  copied_prompt: { phrase: 'that copies the prompt', remedy: LOOK, severity: 'information' },
  echoed_rules: { phrase: 'that recites the rules', remedy: LOOK, severity: 'information' },
};

/** The remedy, with the names of the specification's own parts. */
export function remedyFor(flaw: FormFlaw, parts: readonly Part[]): string {
  const named = (isReasoning: boolean): string =>
    parts.find((part) => part.isReasoning === isReasoning)?.capture ?? '…';
  return FLAW_WORDS[flaw].remedy
    .replace('PARTS', parts.map(({ capture }) => capture).join(', '))
    .replace('REASONING', named(true))
    .replace('ANSWER', named(false));
}

/** "whose reasoning is empty and with text after its parts" */
export function phraseOf(flaws: readonly FormFlaw[]): string {
  return flaws.map((flaw) => FLAW_WORDS[flaw].phrase).join(' and ');
}
