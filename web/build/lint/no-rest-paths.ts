import type { Rule } from "eslint";
import { readText, UNKNOWN } from "./read-text.ts";

type Node = Rule.Node;

/** Where a text names a module, not an address. */
const MODULE_NAMES = new Set([
  "ExportAllDeclaration",
  "ExportNamedDeclaration",
  "ImportDeclaration",
  "ImportExpression",
  "TSExternalModuleReference",
  "TSImportType",
]);

interface Options {
  /** First segments of the API's addresses. */
  roots: string[];
  /** Those that are pages of the application too, when nothing follows. */
  pages: string[];
}

/** Addresses of the API come from the generated client, whichever way a text is put together. */
export const noRestPaths: Rule.RuleModule = {
  meta: {
    type: "problem",
    schema: [{ type: "object" }],
    messages: {
      found: "An address of the API by hand ({{text}}): ask the generated client, or `addressOf`.",
    },
  },
  create(context) {
    const [options] = context.options as [Options];
    const pattern = matchAddresses(options);
    const check = (node: Node) => {
      const holder = node.parent;
      if (!holder || isPart(holder) || MODULE_NAMES.has(holder.type)) return;
      const text = readText(node, context.sourceCode);
      if (!pattern.test(text)) return;
      context.report({ node, messageId: "found", data: { text: text.replaceAll(UNKNOWN, "…") } });
    };
    return {
      Literal(node) {
        if (typeof node.value === "string") check(node);
      },
      TemplateLiteral: check,
      BinaryExpression: check,
      CallExpression: check,
    };
  },
};

/** At the beginning, behind an origin, or behind what the code does not tell; `jobs/1` is one too. */
function matchAddresses({ roots, pages }: Options): RegExp {
  const escape = (names: string[]) => names.map((name) => name.replaceAll(/\W/g, "\\$&")).join("|");
  const beginning = `(?:^|${UNKNOWN}|^(?:[a-z]+:)?//[^/]*)`;
  const root = `/(?:${escape(roots.filter((name) => !pages.includes(name)))})(?:[/?#${UNKNOWN}]|$)`;
  const below = `(?:\\.{0,2}/)*(?:${escape(roots)})/`;
  return new RegExp(`${beginning}(?:${root}|${below})`);
}

/** Whether the text is read as a part of what holds it. */
function isPart(holder: Node): boolean {
  switch (holder.type) {
    case "TemplateLiteral":
      return true;
    case "BinaryExpression":
      return holder.operator === "+";
    default:
      return false;
  }
}
