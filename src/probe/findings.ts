// From scores to findings: which rule lets it happen, what it is held against, and the sentence.

import type { ResponseScore } from '../reward/score.ts';
import type { Expression } from '../spec/expression.ts';
import { parts } from '../spec/expression_parts.ts';
import { signed } from '../spec/number_text.ts';
import type { Rule, Specification } from '../spec/specification.ts';
import type { Form } from './form.ts';
import type { Finding, FormFlaw } from './report.ts';
import { FLAW_WORDS, phraseOf, remedyFor } from './words.ts';

/** A response that was scored, and the row it was for. */
export interface Shown {
  response: string;
  row: number;
  score: ResponseScore;
  given: Finding['given'];
  tokens: number;
  finished: boolean;
}

/** A form with flaws that earns what a clean right answer earns. `flaw` is the one that is new in it. */
export function flawFinding(
  spec: Specification,
  form: Form,
  flaw: FormFlaw,
  flaws: readonly FormFlaw[],
  shown: Shown,
  right: Shown,
): Finding {
  const { severity } = FLAW_WORDS[flaw];
  const others = flaws.filter((one) => one !== flaw);
  return {
    ...at(formRule(spec), shown.score),
    ...evidence(shown, right, 'a clean right answer'),
    kind: flaw,
    severity,
    message: `A right answer ${phraseOf([flaw, ...others])} earns ${signed(shown.score.total)}, as much as a clean one.`,
    remedy: remedyFor(flaw, form.parts),
  };
}

/** A right answer in other words that earns less. */
export function harmlessFinding(spec: Specification, kind: string, title: string, shown: Shown, right: Shown): Finding {
  return {
    ...at(mostChanged(spec, shown.score, right.score), shown.score),
    ...evidence(shown, right, 'the same answer written plainly'),
    kind: `harmless_${kind}`,
    severity: 'information',
    message: `A right answer ${title} earns ${signed(shown.score.total)}, not ${signed(right.score.total)}.`,
    remedy:
      'If it should count, let the capture or the condition accept it; else say in the case’s text how it must be written.',
  };
}

export interface Attack extends Pick<Finding, 'kind' | 'severity' | 'message' | 'remedy'> {
  shown: Shown;
  /** What it is held against, and what that is. */
  than: Shown;
  title: string;
}

/** A response that earns more, or as much, as it should. */
export function attackFinding(spec: Specification, { shown, than, title, ...words }: Attack): Finding {
  return { ...at(mostChanged(spec, shown.score, than.score), shown.score), ...evidence(shown, than, title), ...words };
}

/** About a rule or a case, with nothing to show. */
export function ruleFinding(
  rule: Rule,
  place: Finding['place'],
  kind: Finding['kind'],
  message: string,
  remedy: string,
): Finding {
  return {
    kind,
    severity: 'information',
    rule: rule.name,
    place,
    message,
    remedy,
    response: '',
    reward: 0,
    scores: {},
    given: {},
    tokens: 0,
    finished: true,
    comparedTo: null,
    row: -1,
  };
}

function evidence(
  shown: Shown,
  than: Shown,
  title: string,
): Pick<Finding, 'response' | 'reward' | 'scores' | 'given' | 'tokens' | 'finished' | 'comparedTo' | 'row'> {
  const { response, row, score, given, tokens, finished } = shown;
  return {
    response,
    reward: score.total,
    scores: Object.fromEntries(Object.entries(score.rules).map(([name, one]) => [name, one.score])),
    given,
    tokens,
    finished,
    comparedTo: { title, reward: than.score.total, response: than.response },
    row,
  };
}

/** The case of the rule that fired, else the rule. */
function at(rule: Rule, score: ResponseScore): Pick<Finding, 'rule' | 'place'> {
  return { rule: rule.name, place: rule.cases[score.rules[rule.name]?.case ?? -1]?.place ?? rule.place };
}

/** The rule that judges the form: the first that looks at tags, else at no column, else the first. */
function formRule({ rules }: Specification): Rule {
  const reads = (rule: Rule, isThat: (part: Expression) => boolean): boolean =>
    rule.cases.some(({ when }) => when !== null && parts(when).some(isThat));
  const isStructure = (part: Expression): boolean =>
    part.kind === 'call' && (part.function === 'exactly' || part.function === 'once_in_order');
  return (
    rules.find((rule) => reads(rule, isStructure)) ??
    rules.find((rule) => !rule.isMetric && !reads(rule, ({ kind }) => kind === 'column')) ??
    first(rules)
  );
}

/** The rule whose part of the total differs most. */
function mostChanged({ rules }: Specification, one: ResponseScore, other: ResponseScore): Rule {
  const change = ({ name }: Rule): number => {
    const [a, b] = [one.rules[name], other.rules[name]];
    return Math.abs((a?.score ?? 0) * (a?.weight ?? 0) - (b?.score ?? 0) * (b?.weight ?? 0));
  };
  return rules.reduce((best, rule) => (change(rule) > change(best) + 1e-12 ? rule : best), first(rules));
}

function first(rules: readonly Rule[]): Rule {
  const [rule] = rules;
  if (rule === undefined) throw new RangeError('a checked specification has a rule');
  return rule;
}
