// AdamW (Loshchilov & Hutter 2019, "Decoupled Weight Decay Regularization", Algorithm 2) as graph nodes, after
// clipping the gradient by its global norm (Pascanu et al. 2013):
//   g ← g · min(1, c / ‖g‖)
//   m ← β₁m + (1-β₁)g      v ← β₂v + (1-β₂)g²
//   w ← w - η( (m / (1-β₁ᵗ)) / (√(v / (1-β₂ᵗ)) + ε) + λw )
// η (learning rate) and t (step, from 1) are inputs. Left out: AMSGrad, parameter groups with their own rates.

import type { Graph, Node } from './graph.ts';

export interface AdamWOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** λ; applied to matrices, not to biases and norms. */
  readonly weightDecay?: number;
  /** c; Infinity leaves the gradient as it is (the norm is still reported). */
  readonly maxGradientNorm?: number;
}

export interface AdamWUpdate {
  readonly weight: Node;
  readonly first: Node;
  readonly second: Node;
}

/** √Σ‖g‖² over all gradients: a scalar. */
export function globalNorm(graph: Graph, gradients: readonly Node[]): Node {
  const squares = gradients.map((g) => graph.sum(graph.square(g)));
  return graph.sqrt(squares.reduce((sum, square) => graph.add(sum, square), graph.scalar(0)));
}

/** New weights and moments; `moments[i]` are m and v of `weights[i]`, of its shape. */
export function adamW(
  graph: Graph,
  weights: readonly Node[],
  gradients: readonly Node[],
  moments: readonly { readonly first: Node; readonly second: Node }[],
  inputs: { readonly learningRate: Node; readonly step: Node },
  options: AdamWOptions = {},
): { readonly updates: AdamWUpdate[]; readonly gradientNorm: Node } {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, maxGradientNorm = 1 } = options;
  const gradientNorm = globalNorm(graph, gradients);
  const clipped = Number.isFinite(maxGradientNorm);
  const scale = graph.min(1, graph.div(clipped ? maxGradientNorm : 1, graph.add(gradientNorm, 1e-6)));
  // 1 - βᵗ = 1 - exp(t·log β)
  const correction = (beta: number) => graph.sub(1, graph.exp(graph.mul(inputs.step, Math.log(beta))));
  const [correction1, correction2] = [correction(beta1), correction(beta2)];
  const updates = weights.map((weight, i) => {
    const [gradient, moment] = [gradients[i], moments[i]];
    if (gradient === undefined || moment === undefined) throw new RangeError(`weight ${i} has no gradient or moments`);
    const g = clipped ? graph.mul(gradient, scale) : gradient;
    const first = graph.add(graph.mul(moment.first, beta1), graph.mul(g, 1 - beta1));
    const second = graph.add(graph.mul(moment.second, beta2), graph.mul(graph.square(g), 1 - beta2));
    const root = graph.add(graph.sqrt(graph.div(second, correction2)), epsilon);
    const direction = graph.div(graph.div(first, correction1), root);
    const decayed = weightDecay > 0 && weight.shape.length > 1;
    const move = decayed ? graph.add(direction, graph.mul(weight, weightDecay)) : direction;
    return { weight: graph.sub(weight, graph.mul(move, inputs.learningRate)), first, second };
  });
  return { updates, gradientNorm };
}
