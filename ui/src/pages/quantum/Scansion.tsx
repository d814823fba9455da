/** The scansion drawn over the words: syllables, beats, synalephas, counts and rhyme letters. */

import type { Scansion as Scanned, Slant, VerseLine } from "@/api/verse";
import { useText } from "@/i18n";
import { beatsOf, type Group, groupsOf, type Mark, nearOf } from "./scan";

export function Scansion({ poem, slants = [] }: { poem: Scanned; slants?: Slant[] }) {
  const { t } = useText();
  const near = nearOf(slants);
  const heads = new Set(poem.stanzas.map((stanza) => stanza.first));
  return (
    <div className="stack">
      <ol className="scansion" aria-label={t("verse.scansion")}>
        {poem.lines.map((line, index) => (
          <li key={index} className={heads.has(index) && index > 0 ? "stanza" : ""}>
            <Line line={line} near={near.get(index)} />
          </li>
        ))}
      </ol>
      <p className="muted" aria-hidden="true">
        {t("verse.legend")}
      </p>
    </div>
  );
}

function Line({ line, near }: { line: VerseLine; near: number | undefined }) {
  const { t } = useText();
  const said = t("verse.line", {
    syllables: line.syllables,
    beats: beatsOf(line.stresses).join(", ") || "—",
  });
  return (
    <>
      <span className="num muted" title={said}>
        {line.syllables}
      </span>
      <span className="scanned">
        {groupsOf(line).map((group) => (
          <Word key={group.start} group={group} />
        ))}
      </span>
      <span className="rhyme-cell">
        {line.rhyme && (
          <b className="rhyme" title={t("verse.rhyme", { letter: line.rhyme })}>
            {line.rhyme}
          </b>
        )}
        {near !== undefined && (
          <span className="muted" title={t("verse.near", { line: near + 1 })}>
            ≈ {near + 1}
          </span>
        )}
      </span>
      <span className="muted verse-name">{[line.verse, line.foot].filter(Boolean).join(" ")}</span>
    </>
  );
}

function Word({ group }: { group: Group }) {
  return (
    <>
      {group.gap}
      {group.marks.length > 0 && (
        <span className="scanned-word">
          {group.marks.map((mark, index) => (
            <Syllable key={index} mark={mark} />
          ))}
        </span>
      )}
    </>
  );
}

function Syllable({ mark }: { mark: Mark }) {
  return (
    <span className={mark.beat ? "syllable beat" : "syllable"}>
      {mark.parts.map((part, index) =>
        part.tie ? (
          <span className="tie" key={index}>
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
    </span>
  );
}
