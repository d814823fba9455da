/** Says that the live connection is lost, and that trading is halted. */

import { Icon } from "@/components/Icon";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";
import { useEngineDown } from "@/pages/overview/Services";
import { useConnection, useNow } from "@/state/connection";
import { wire } from "@/state/live";
import { useOverlays } from "@/state/session";
import { marketEnded, riskOf, useMarket, useTrading } from "./Badges";
import { navigate } from "./router";

export function Banner() {
  return (
    <>
      <ConnectionBanner />
      <EngineBanner />
      <HaltedBanner />
      <UnservedBanner />
      <VenueBanner />
      <EndedBanner />
    </>
  );
}

function ConnectionBanner() {
  const { t } = useText();
  const { status, retryAt, everOpen } = useConnection();
  const now = useNow();
  if (status === "open" || status === "stopped" || (!everOpen && status === "connecting")) return null;
  const seconds = retryAt ? Math.max(0, Math.ceil((retryAt - now) / 1_000)) : null;
  return (
    <div className="banner tone-warn" role="status">
      <Icon name="warn" size={16} />
      <span>{seconds === null ? t("banner.connecting") : t("banner.lost", { seconds })}</span>
      <Button small icon="retry" onClick={() => wire.retryNow()}>
        {t("banner.retry")}
      </Button>
    </div>
  );
}

/** Without HFT nothing on the screen about trading is of now, and nothing can be traded. */
function EngineBanner() {
  const { t } = useText();
  if (!useEngineDown()) return null;
  return (
    <div className="banner tone-danger" role="status">
      <Icon name="warn" size={16} />
      <span>{t("banner.engineDown")}</span>
      <Button small onClick={() => navigate("/system/services")}>
        {t("page.system")}
      </Button>
    </div>
  );
}

function HaltedBanner() {
  const { t } = useText();
  const { value } = useTrading();
  const show = useOverlays((s) => s.show);
  if (value?.state !== "HALTED") return null;
  return (
    <div className="banner tone-danger" role="status">
      <Icon name="stop" size={16} />
      <span>{value.reason ? t("banner.haltedReason", { reason: value.reason }) : t("banner.halted")}</span>
      <Button small onClick={() => show("kill", true)}>
        {t("kill.resume")}
      </Button>
    </div>
  );
}

/** What is held or rests where this session does not trade, as after a start with fewer symbols. */
function UnservedBanner() {
  const { t } = useText();
  const symbols = useTrading().value?.unserved ?? [];
  if (symbols.length === 0) return null;
  return (
    <div className="banner tone-warn" role="status">
      <Icon name="warn" size={16} />
      <span>{t("banner.unserved", { symbols: symbols.join(", ") })}</span>
    </div>
  );
}

/** Which live venue it is: always while it is read-only, and on a telephone, whose bar has no room for the name. */
function VenueBanner() {
  const { t } = useText();
  const { value } = useTrading();
  if (value?.mode === "LIVE") {
    return (
      <div className="banner tone-danger narrow-only" role="status">
        <span>{t(`trading.hint.${riskOf(value)}`, { venue: value.venue ?? "" })}</span>
      </div>
    );
  }
  if (value?.mode !== "READ_ONLY") return null;
  return (
    <div className="banner tone-neutral" role="status">
      <span>{t("banner.readOnly", { venue: value.venue ?? "" })}</span>
      <Button small onClick={() => navigate("/trade")}>
        {t("live.title")}
      </Button>
    </div>
  );
}

function EndedBanner() {
  const { t } = useText();
  const { value } = useMarket();
  if (!marketEnded(value)) return null;
  return (
    <div className="banner tone-neutral" role="status">
      <span>{t("banner.ended")}</span>
    </div>
  );
}
