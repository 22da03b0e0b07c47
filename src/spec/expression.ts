// Expressions of a checked specification, as plain data. They are total and deterministic: a capture that is
// not there is `none`; a condition over `none` is false; a function of `none` is `none`. Evaluation lives in reward/.

/** The types of the language. `none` is a value of every type ("not there"), not a type. */
export type ValueType =
  | { kind: 'text' }
  | { kind: 'number' }
  | { kind: 'bool' }
  | { kind: 'list'; of: ValueType }
  | { kind: 'record'; of: ValueType }
  /** A record whose fields have types of their own: `{ vendor: text, total: number }`. */
  | { kind: 'struct'; fields: { name: string; type: ValueType }[] };

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'and'
  | 'or'
  | 'in'
  | 'not in';

/** One expression. Names are resolved: each says whether it is a column, a capture, a rule or a bound variable. */
export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'bool'; value: boolean }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'record'; fields: { name: string; value: Expression }[] }
  | { kind: 'column'; name: string }
  | { kind: 'capture'; name: string }
  /** The unweighted score of another rule's chosen case (`format is -1` compares it). */
  | { kind: 'rule'; name: string }
  | { kind: 'variable'; name: string }
  /** `response` (text), `tokens` (number: length of the response in tokens), `finished` (bool: not cut at the limit). */
  | { kind: 'builtin'; name: 'response' | 'tokens' | 'finished' }
  | { kind: 'call'; function: string; arguments: Expression[] }
  /** A verifier's or judge's answer; where that is a number, between which numbers it lies. */
  | { kind: 'external'; name: string; arguments: Expression[]; range?: { min: number; max: number } }
  /** An item of a list by its number from 0 (from the end where negative), a field of a record by its name. */
  | { kind: 'index'; of: Expression; index: Expression }
  | { kind: 'not'; operand: Expression }
  | { kind: 'negate'; operand: Expression }
  | { kind: 'isNone'; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'if'; condition: Expression; then: Expression; otherwise: Expression }
  | { kind: 'quantifier'; quantifier: 'all' | 'any' | 'count'; variable: string; list: Expression; body: Expression };
