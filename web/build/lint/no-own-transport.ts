import type { Rule } from "eslint";

type Node = Rule.Node;

const TRANSPORTS = new Set([
  "EventSource",
  "WebSocket",
  "WebTransport",
  "XMLHttpRequest",
  "fetch",
  "sendBeacon",
]);
const HOLDERS = new Set(["globalThis", "navigator", "self", "top", "window"]);

/** The service is called through the generated client alone, by no way that a browser has beside it. */
export const noOwnTransport: Rule.RuleModule = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      found: "Call the service through the generated client, not through {{name}}.",
    },
  },
  create(context) {
    const report = (node: Node, name: string) => {
      context.report({ node, messageId: "found", data: { name } });
    };
    const isHolder = (node: { type: string; name?: string }) =>
      node.type === "Identifier" && HOLDERS.has(node.name ?? "");
    return {
      Identifier(node) {
        // A type says how something is called, and calls nothing.
        if (!TRANSPORTS.has(node.name) || node.parent.type.startsWith("TS")) return;
        if (context.sourceCode.isGlobalReference(node)) report(node, node.name);
      },
      MemberExpression(node) {
        const name = nameMember(node.property, node.computed);
        const isCalled = node.parent.type === "CallExpression" && node.parent.callee === node;
        if (name && TRANSPORTS.has(name) && (isCalled || isHolder(node.object))) report(node, name);
      },
      VariableDeclarator(node) {
        if (node.id.type !== "ObjectPattern" || !node.init || !isHolder(node.init)) return;
        for (const property of node.id.properties) {
          const name = property.type === "Property" && nameMember(property.key, property.computed);
          if (name && TRANSPORTS.has(name)) report(node, name);
        }
      },
    };
  },
};

function nameMember(
  key: { type: string; name?: string; value?: unknown },
  isComputed: boolean,
): string | undefined {
  if (key.type === "Literal") return String(key.value);
  return key.type === "Identifier" && !isComputed ? key.name : undefined;
}
