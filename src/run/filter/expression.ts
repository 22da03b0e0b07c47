// The filter language of the rollouts: `correctness < 0 and tokens > 500 and text contains "wait"`. Its words are those
// of a .merf file's conditions (and, or, not, is none, the comparison signs), over what a run holds: rules by their
// score, captures by what they found, and facts of a response. Text is compared without regard to capitals. What is not
// there is none, and a comparison with none does not hold. Arithmetic and functions of texts are left out.
//
//   or   := and ("or" and)*         and := not ("and" not)*        not := "not" not | "(" or ")" | test
//   test := value (sign value | "contains" text | "is" ["not"] ("none" | value))?
//   value := number | text | name | "case" "(" rule ")" | "metric" "(" text ")"

/** What a name can mean. */
export type Field =
  | { kind: 'fact'; name: Fact }
  | { kind: 'rule'; name: string }
  /** The number of the case that fired, from 0, as the run writes it. */
  | { kind: 'case'; name: string }
  | { kind: 'capture'; name: string }
  /** A metric of the step that the response belongs to. */
  | { kind: 'metric'; name: string };

export const FACTS = [
  'reward',
  'advantage',
  'tokens',
  'step',
  'prompt',
  'sample',
  'row',
  'right',
  'finished',
  'invalid',
  'starred',
  'note',
  'text',
  'prompt_text',
] as const;
export type Fact = (typeof FACTS)[number];

export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

export type Operand =
  | { kind: 'number'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'bool'; value: boolean }
  | { kind: 'field'; field: Field };

export type Filter =
  | { kind: 'and' | 'or'; left: Filter; right: Filter }
  | { kind: 'not'; operand: Filter }
  | { kind: 'compare'; sign: Comparison; left: Operand; right: Operand }
  | { kind: 'contains'; left: Operand; text: string }
  | { kind: 'isNone'; operand: Operand }
  /** A fact that is true or false by itself: `right`, `starred`. */
  | { kind: 'holds'; operand: Operand };

/** The names that a run's filters can use. */
export interface FilterNames {
  rules: readonly string[];
  captures: readonly string[];
  metrics: readonly string[];
}

/** Why a filter cannot be read, and where; worded by whoever shows it. */
export type FilterProblem = { from: number; to: number } & (
  | { kind: 'unknownName'; name: string; nearest: string | null }
  | { kind: 'unknownRule'; name: string; nearest: string | null }
  | { kind: 'unknownMetric'; name: string; nearest: string | null }
  | { kind: 'openText' }
  | { kind: 'openParenthesis' }
  | { kind: 'unexpected'; found: string }
  | { kind: 'missing' }
  | { kind: 'notText' }
  | { kind: 'notCondition' }
);
