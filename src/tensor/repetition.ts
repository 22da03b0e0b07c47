// A graph that one run goes through several times, each turn with what the turn before gave: several tokens of
// generation for the cost of one call. The graph itself is a single turn; what is handed on has an input and an output.

export interface Repetition {
  /** The input, an int32 scalar that the graph does not read, that says how many turns: at least one. */
  readonly turns: string;
  /** Input -> the output that takes its place in the next turn; its shape may change from turn to turn. */
  readonly carried: ReadonlyMap<string, string>;
  /** Outputs of which every turn's value is given, [turns, ...]. All others are carried, and their last value is given. */
  readonly collected: ReadonlySet<string>;
}
