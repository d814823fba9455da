/** Orders; pure. */

import type { Order } from "@/api/types";

const OPEN = ["new", "sent", "acked", "partially_filled", "unknown"];

export const isOpen = (order: Order) => OPEN.includes(order.state ?? order.status ?? "");
