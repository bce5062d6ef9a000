import type { Rule, SourceCode } from "eslint";

type Node = Rule.Node;

/** Stands for what the code does not tell: the value of a variable, the result of a call. */
export const UNKNOWN = "\0";

/** A chain of constants longer than this is given up. */
const DEEPEST = 8;

/** The text that an expression gives, as far as it can be read off: parts, sums, constants. */
export function readText(node: Node, source: SourceCode, depth = 0): string {
  if (depth > DEEPEST) return UNKNOWN;
  const read = (part: unknown) => readText(part as Node, source, depth + 1);
  switch (node.type) {
    case "Literal":
      return String(node.value);
    case "TemplateLiteral":
      return node.quasis
        .map((part, index) => {
          const next = node.expressions[index];
          return (part.value.cooked ?? "") + (next ? read(next) : "");
        })
        .join("");
    case "TaggedTemplateExpression":
      return read(node.quasi);
    case "BinaryExpression":
      return node.operator === "+" ? read(node.left) + read(node.right) : UNKNOWN;
    case "CallExpression":
      return readCall(node, read);
    case "Identifier": {
      const value = findConstant(node, source);
      return value ? read(value) : UNKNOWN;
    }
    default:
      // `"text" as const`, `"text" satisfies Path`, `"text"!`
      return isAssertion(node) ? read(node.expression) : UNKNOWN;
  }
}

type Call = Extract<Node, { type: "CallExpression" }>;

/** `[…].join("/")` and `text.concat(…)`. */
function readCall(node: Call, read: (part: unknown) => string): string {
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return UNKNOWN;
  if (callee.property.name === "concat") {
    return read(callee.object) + node.arguments.map(read).join("");
  }
  if (callee.property.name === "join" && callee.object.type === "ArrayExpression") {
    const [separator] = node.arguments;
    return callee.object.elements.map(read).join(separator ? read(separator) : ",");
  }
  return UNKNOWN;
}

function findConstant(node: Extract<Node, { type: "Identifier" }>, source: SourceCode) {
  for (let scope = source.getScope(node) as ReturnType<SourceCode["getScope"]> | null; scope;) {
    const definition = scope.set.get(node.name)?.defs[0];
    if (definition) {
      const isConstant = definition.type === "Variable" && definition.parent.kind === "const";
      return isConstant && definition.node.id.type === "Identifier" ? definition.node.init : null;
    }
    scope = scope.upper;
  }
  return null;
}

function isAssertion(node: object): node is { expression: Node } {
  const { type } = node as { type: string };
  return ["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"].includes(type);
}
