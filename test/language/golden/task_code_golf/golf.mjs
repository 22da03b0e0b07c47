export function passed({ code, tests }) {
  const f = new Function(code + '\nreturn f')();
  const ok = tests.filter(([x, y]) => String(f(Number(x))) === y).length;
  return ok / tests.length;
}
