// Reverse-mode differentiation: extends a graph with the gradients of a scalar. Every operation's vector-Jacobian
// product stands beside its law; g is dLoss/dOutput, and a rule returns dLoss/dInput for the inputs that need it.
// Only nodes on a path from `parameters` to `loss` get a gradient. A region that is to be recomputed is built again for
// its gradients. Left out: second derivatives of `max` ties.

import type { Graph, Node } from './graph.ts';
import { isHalfType } from './node.ts';
import { dimension, type Shape, sameShape, stretchedAxes } from './shape.ts';

/** d loss / d parameter for each parameter, in order; a parameter the loss does not use gets zeros. */
export function gradients(graph: Graph, loss: Node, parameters: readonly Node[]): Node[] {
  if (loss.shape.length !== 0) throw new RangeError(`the loss must be a scalar, not [${loss.shape.join(', ')}]`);
  const sweep = new Sweep(graph, parameters);
  sweep.give(loss, graph.scalar(1));
  sweep.run(0, loss.id + 1);
  return parameters.map((node) => graph.expand(sweep.of(node) ?? graph.scalar(0), node.shape));
}

/** Hands gradients from nodes to their inputs, last node first. */
class Sweep {
  private readonly graph: Graph;
  /** The float nodes that depend on a parameter. */
  private readonly wanted: Set<Node>;
  private seen = 0;
  /** What a node's users gave it. */
  private readonly given = new Map<Node, Node[]>();
  /** What the region that was swept last gave away. */
  private latest: Node[] = [];

  constructor(graph: Graph, parameters: readonly Node[]) {
    this.graph = graph;
    this.wanted = new Set(parameters);
    this.look();
  }

  give(node: Node, gradient: Node): void {
    this.given.set(node, [...(this.given.get(node) ?? []), gradient]);
  }

  /** The gradient of a node whose users have all been swept. */
  of(node: Node): Node | undefined {
    const parts = this.given.get(node);
    return parts && sumOf(this.graph, parts);
  }

  /** Sweeps the nodes low..high (exclusive). */
  run(low: number, high: number): void {
    for (let id = high - 1; id >= low; id--) {
      const node = this.graph.nodes[id];
      if (node?.operation.op === 'recomputed') this.runRegion(node, node.operation.region);
      if (node === undefined || node.operation.op === 'recomputed' || !this.wanted.has(node)) continue;
      const g = this.of(node);
      if (g === undefined) continue;
      const needs = node.inputs.map((input) => this.wanted.has(input));
      const products = vectorJacobianProducts(this.graph, node, spread(this.graph, node, g), needs);
      node.inputs.forEach((input, i) => {
        const product = needs[i] ? products[i] : undefined;
        if (product !== undefined) this.give(input, product);
      });
    }
  }

  /**
   * At the first of a region's outputs all of its gradients are known: the region is built again, to be computed when
   * these are there and the region before it is done with, and is swept in its place.
   */
  private runRegion(node: Node, number: number): void {
    const region = this.graph.regions[number];
    if (region === undefined || region.outputs[0] !== node) return;
    const known = region.outputs.flatMap((output, i) => {
      const g = this.of(output);
      return g === undefined ? [] : [[i, this.graph.expand(g, output.shape)] as const];
    });
    if (known.length === 0) return;
    const start = this.graph.nodes.length;
    const order = [...known.map(([, g]) => g), ...this.latest];
    const outputs = region.build(region.inputs.map((input) => this.graph.after(input, order)));
    this.look();
    for (const [i, g] of known) {
      const output = outputs[i];
      if (output !== undefined) this.give(output, g);
    }
    const before = new Map([...this.given].map(([key, parts]) => [key, parts.length]));
    this.run(start, this.graph.nodes.length);
    const given = [...this.given].flatMap(([key, parts]) => (key.id < start ? parts.slice(before.get(key) ?? 0) : []));
    // what is put beside others (sumOf) never stands in a row of zeros
    this.latest = given.map((part) => (part.operation.op === 'pad' ? (part.inputs[0] ?? part) : part));
  }

  /** Takes in the nodes that were made since the last time. */
  private look(): void {
    for (; this.seen < this.graph.nodes.length; this.seen++) {
      const node = this.graph.nodes[this.seen];
      if (node === undefined || node.dtype !== 'float32' || node.operation.op === 'stopGradient') continue;
      if (node.inputs.some((input) => this.wanted.has(input))) this.wanted.add(node);
    }
  }
}

/** The sum of what a node's users gave it; slices that make up a whole give their gradients side by side. */
function sumOf(graph: Graph, parts: readonly Node[]): Node | undefined {
  const pads = parts.flatMap((part) => (part.operation.op === 'pad' ? [{ part, ...part.operation }] : []));
  const axis = pads[0]?.axis ?? 0;
  const row = pads.filter((pad) => pad.axis === axis).sort((a, b) => a.before - b.before);
  let end = 0;
  const isWhole = row.every(({ part, before }) => {
    const fits = before === end;
    end += dimension(part.inputs[0]?.shape ?? [], axis);
    return fits;
  });
  if (row.length > 1 && isWhole && row.at(-1)?.after === 0) {
    const whole = graph.concat(
      row.flatMap(({ part }) => part.inputs),
      axis,
    );
    return sumOf(graph, [whole, ...parts.filter((part) => !row.some((pad) => pad.part === part))]);
  }
  const [first, ...others] = parts;
  return first && others.reduce((sum, part) => graph.add(sum, part), first);
}

/**
 * A sum hands its gradient back unstretched. Where the next rule multiplies it by something of the node's shape it
 * stretches by itself; for all other rules it is stretched here.
 */
function spread(graph: Graph, node: Node, g: Node): Node {
  return node.operation.op === 'exp' ? g : graph.expand(g, node.shape);
}

/** Sums a gradient over the axes that broadcasting stretched, back to the input's shape. */
function sumTo(graph: Graph, g: Node, shape: Shape): Node {
  if (sameShape(g.shape, shape)) return g;
  return graph.reshape(graph.sum(g, stretchedAxes(shape, g.shape)), shape);
}

type Products = readonly (Node | undefined)[];

/** For y = f(x₁, x₂, …) and g = dL/dy: [dL/dx₁, dL/dx₂, …]. */
function vectorJacobianProducts(graph: Graph, y: Node, g: Node, needs: readonly boolean[]): Products {
  const [a, b, c] = y.inputs;
  if (a === undefined) return [];
  const operation = y.operation;
  switch (operation.op) {
    case 'neg':
      return [graph.neg(g)];
    case 'exp': // d eˣ = eˣ
      return [graph.mul(g, y)];
    case 'log': // d log x = 1/x
      return [graph.div(g, a)];
    case 'sqrt': // d √x = 1/(2√x)
      return [graph.div(graph.mul(g, 0.5), y)];
    case 'reciprocal': // d 1/x = -1/x²
      return [graph.neg(graph.mul(g, graph.square(y)))];
    case 'sigmoid': // d σ = σ(1-σ)
      return [graph.mul(g, graph.mul(y, graph.sub(1, y)))];
    case 'tanh': // d tanh = 1 - tanh²
      return [graph.mul(g, graph.sub(1, graph.square(y)))];
    case 'clamp': {
      const outside = graph.or(graph.less(a, operation.low), graph.greater(a, operation.high));
      return [graph.where(outside, 0, g)];
    }
    case 'keepMask':
      return [];
    case 'rotary': // a rotation's transpose is the rotation back
      return b && c && y.inputs[3] ? [graph.rotary(g, b, c, y.inputs[3], !operation.inverse)] : [];
    case 'transpose': {
      const inverse = operation.permutation.map((_, axis) => operation.permutation.indexOf(axis));
      return [graph.transpose(g, inverse)];
    }
    case 'after':
      return [g];
    case 'reshape':
      return [graph.reshape(g, a.shape)];
    case 'expand':
      return [sumTo(graph, g, a.shape)];
    case 'slice': {
      const { axis, start, end } = operation;
      return [graph.pad(g, axis, start, dimension(a.shape, axis) - end)];
    }
    case 'pad': {
      const { axis, before } = operation;
      return [graph.slice(g, axis, before, before + dimension(a.shape, axis))];
    }
    case 'concat': {
      let start = 0;
      return y.inputs.map((part, i) => {
        const from = start;
        start += dimension(part.shape, operation.axis);
        return needs[i] ? graph.slice(g, operation.axis, from, start) : undefined;
      });
    }
    case 'reduce': {
      const kept = a.shape.map((length, axis) => (operation.axes.includes(axis) ? 1 : length));
      const column = graph.reshape(g, kept);
      if (operation.how === 'sum') return [column];
      if (operation.how === 'mean') return [graph.div(column, graph.count(a, operation.axes))];
      // max: shared equally by the elements that reach it
      const top = graph.cast(graph.equal(a, graph.reshape(y, kept)), 'float32');
      return [graph.mul(graph.div(top, graph.sum(top, operation.axes, true)), column)];
    }
    case 'cumulativeSum': // x_i is in y_i and all after it
      return [graph.add(graph.sub(graph.sum(g, [-1], true), graph.cumulativeSum(g)), g)];
    case 'softmax': {
      // y ⊙ (g - Σ g⊙y)
      const gy = graph.mul(g, y);
      return [graph.sub(gy, graph.mul(y, graph.sum(gy, [-1], true)))];
    }
    case 'logSoftmax': // g - eʸ Σ g
      return [graph.sub(g, graph.mul(graph.exp(y), graph.sum(g, [-1], true)))];
    default:
      return b === undefined ? [] : ofTwo(graph, y, g, [a, b, c], needs);
  }
}

/** The same for operations of two or three inputs. */
function ofTwo(
  graph: Graph,
  y: Node,
  g: Node,
  [a, b, c]: readonly [Node, Node, Node | undefined],
  needs: readonly boolean[],
): Products {
  const operation = y.operation;
  const left = (product: () => Node) => (needs[0] ? sumTo(graph, product(), a.shape) : undefined);
  const right = (product: () => Node) => (needs[1] ? sumTo(graph, product(), b.shape) : undefined);
  switch (operation.op) {
    case 'add':
      return [left(() => g), right(() => g)];
    case 'sub':
      return [left(() => g), right(() => graph.neg(g))];
    case 'mul':
      return [left(() => graph.mul(g, b)), right(() => graph.mul(g, a))];
    case 'div': // d a/b = da/b - (a/b) db/b
      return [left(() => graph.div(g, b)), right(() => graph.neg(graph.div(graph.mul(g, y), b)))];
    case 'min':
    case 'max': {
      // the side that was taken; a tie is shared equally
      const [low, high] = operation.op === 'min' ? [a, b] : [b, a];
      const first = graph.cast(graph.less(low, high), 'float32');
      const tie = graph.mul(graph.cast(graph.equal(a, b), 'float32'), 0.5);
      const share = graph.add(first, tie);
      return [left(() => graph.mul(g, share)), right(() => graph.mul(g, graph.sub(1, share)))];
    }
    case 'where':
      return [
        undefined,
        right(() => graph.where(a, g, 0)),
        c && needs[2] ? sumTo(graph, graph.where(a, 0, g), c.shape) : undefined,
      ];
    case 'matmul': {
      // Y = sA·B: dA = sg·Bᵀ, dB = sAᵀ·g; where Aᵀ or Bᵀ is read, the result is transposed accordingly
      const { transposeA, transposeB, scale } = operation;
      const dA = () => {
        const B = widenedAgain(graph, b, g);
        return transposeA
          ? graph.matmul(B, g, { transposeA: transposeB, transposeB: true, scale })
          : graph.matmul(g, B, { transposeB: !transposeB, scale });
      };
      const dB = () => {
        if (transposeA)
          return graph.matmul(transposeB ? g : a, transposeB ? a : g, { transposeA: transposeB, transposeB, scale });
        return transposeB ? columnsOf(graph, g, a, scale) : columnsOf(graph, a, g, scale);
      };
      return [left(dA), right(dB)];
    }
    case 'rmsNorm': {
      // with r = 1/√(mean x² + ε), n = r x: dx = r (g⊙w - n mean(g⊙w⊙n)), dw = Σ g⊙n
      const r = graph.reciprocal(graph.sqrt(graph.add(graph.mean(graph.square(a), [-1], true), operation.epsilon)));
      const normed = graph.mul(a, r);
      const gw = graph.mul(g, b);
      const along = graph.mean(graph.mul(gw, normed), [-1], true);
      return [left(() => graph.mul(graph.sub(gw, graph.mul(normed, along)), r)), right(() => graph.mul(g, normed))];
    }
    case 'gatherRows':
      return [graph.scatterRows(g, b, dimension(a.shape, 0), operation)];
    case 'scatterRows':
      return [graph.gatherRows(g, b, operation)];
    case 'takeAlong':
      return [graph.putAlong(g, b, dimension(a.shape, -1))];
    case 'putAlong':
      return [graph.takeAlong(g, b)];
    default:
      throw new Error(`no gradient of ${operation.op}`);
  }
}

/** What was widened for the forward pass is not kept for its gradient: it is widened once more. */
function widenedAgain(graph: Graph, x: Node, g: Node): Node {
  const [given] = x.operation.op === 'cast' ? x.inputs : [];
  const narrow = given?.operation.op === 'after' ? given.inputs[0] : given;
  return narrow !== undefined && isHalfType(narrow.dtype) ? graph.widened(narrow, [g]) : x;
}

/** scale · Xᵀ·Y. In a batch of small matrices reading the narrower side transposed is a quarter faster. */
function columnsOf(graph: Graph, x: Node, y: Node, scale: number): Node {
  const rank = Math.max(x.shape.length, y.shape.length);
  if (rank === 2 || dimension(x.shape, -1) <= dimension(y.shape, -1)) {
    return graph.matmul(x, y, { transposeA: true, scale });
  }
  const turned = Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return graph.transpose(graph.matmul(y, x, { transposeA: true, scale }), turned);
}
