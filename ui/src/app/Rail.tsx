/** The pages, on the left; a bar at the bottom on small screens. */

import { commandById } from "@/commands/registry";
import { Icon } from "@/components/Icon";
import { useText } from "@/i18n";
import { usePrefs } from "@/state/prefs";
import { navigate, PAGES, type Page } from "./router";

export function Rail({ page }: { page: Page }) {
  const { t, maybe } = useText();
  const collapsed = usePrefs((s) => s.railCollapsed);
  return (
    <nav className="rail" aria-label={t("frame.pages")}>
      <div className="brand">
        <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="7" className="brand-box" />
          <circle cx="15" cy="15" r="7.5" className="brand-ring" />
          <path d="M19.5 19.5 25 25" className="brand-ring" />
        </svg>
        <span>QBTC</span>
      </div>
      <ul>
        {PAGES.map((name) => (
          <li key={name}>
            <a
              href={`/${name}`}
              aria-current={name === page ? "page" : undefined}
              title={collapsed ? t(`page.${name}`) : undefined}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey) return;
                event.preventDefault();
                navigate(`/${name}`);
              }}
            >
              <Icon name={name} size={20} />
              <span className="rail-long">{t(`page.${name}`)}</span>
              <span className="rail-short">{maybe(`pageShort.${name}`, t(`page.${name}`))}</span>
            </a>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="rail-toggle"
        onClick={() => commandById("rail")?.run()}
        aria-expanded={!collapsed}
      >
        <Icon name="rail" size={20} />
        <span>{t("cmd.rail")}</span>
      </button>
    </nav>
  );
}
