/** A circuit as the service draws it. Its SVG is an image, so that nothing in it can run; its colours follow the theme. */

import { useText } from "@/i18n";

export function Drawing({ svg }: { svg: string }) {
  const { t } = useText();
  return (
    <div className="drawing">
      <img alt={t("qasm.drawing")} src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`} />
    </div>
  );
}
