/**
 * Markdown as React elements, built from tokens: no HTML is ever injected.
 *
 * HTML inside the text is shown as text; links go to http, https and mailto only.
 */

import { lexer, type Token, type Tokens } from "marked";
import { Fragment, type ReactNode, useMemo } from "react";

const SAFE_LINK = /^(https?:\/\/|mailto:|\/(?!\/))/i;
const ENTITIES: Record<string, string> = {
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
  "&quot;": '"',
  "&#39;": "'",
};
const plain = (text: string) =>
  text.replace(/&(lt|gt|amp|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);

export default function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => lexer(text), [text]);
  return <div className="markdown">{many(tokens)}</div>;
}

function many(tokens: Token[] | undefined): ReactNode {
  return tokens?.map((token, index) => <Fragment key={index}>{one(token)}</Fragment>);
}

function one(token: Token): ReactNode {
  return block(token) ?? inline(token);
}

function block(token: Token): ReactNode | undefined {
  switch (token.type) {
    case "heading":
      return <h4>{many(token.tokens)}</h4>;
    case "paragraph":
      return <p>{many(token.tokens)}</p>;
    case "blockquote":
      return <blockquote>{many(token.tokens)}</blockquote>;
    case "code":
      return (
        <pre>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case "hr":
      return <hr />;
    case "list":
      return list(token as Tokens.List);
    case "table":
      return table(token as Tokens.Table);
    case "space":
      return "";
    default:
      return undefined;
  }
}

function inline(token: Token): ReactNode {
  switch (token.type) {
    case "strong":
      return <strong>{many(token.tokens)}</strong>;
    case "em":
      return <em>{many(token.tokens)}</em>;
    case "del":
      return <del>{many(token.tokens)}</del>;
    case "codespan":
      return <code>{plain((token as Tokens.Codespan).text)}</code>;
    case "br":
      return <br />;
    case "link":
      return link(token as Tokens.Link);
    case "image":
      return (token as Tokens.Image).text;
    case "text":
      return token.tokens ? many(token.tokens) : plain((token as Tokens.Text).text);
    case "escape":
      return plain((token as Tokens.Escape).text);
    default:
      return token.raw;
  }
}

function link(token: Tokens.Link): ReactNode {
  if (!SAFE_LINK.test(token.href)) return many(token.tokens);
  const outside = !token.href.startsWith("/");
  return (
    <a href={token.href} {...(outside ? { target: "_blank", rel: "noopener noreferrer" } : {})}>
      {many(token.tokens)}
    </a>
  );
}

function list(token: Tokens.List): ReactNode {
  const rows = token.items.map((item, index) => <li key={index}>{many(item.tokens)}</li>);
  return token.ordered ? <ol start={Number(token.start) || 1}>{rows}</ol> : <ul>{rows}</ul>;
}

function table(token: Tokens.Table): ReactNode {
  return (
    <div className="table-scroll">
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} className={cell.align === "right" ? "right" : ""}>
                {many(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className={cell.align === "right" ? "right" : ""}>
                  {many(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
