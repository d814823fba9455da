"""Error codes of the futures API and their texts. Names and numbers: Binance's USD-M futures error list.

`ApiError` itself is core.binance.errors'; codes that spot has too keep spot's `Code`.
"""

from __future__ import annotations

from enum import IntEnum

from ...binance.errors import ApiError


class FCode(IntEnum):
    START_AFTER_END = -1023
    PRECISION = -1111
    LISTEN_KEY = -1125
    NEW_ORDER_RESP_TYPE = -1136
    CANCEL_REJECTED = -2011
    NO_SUCH_ORDER = -2013
    MARGIN = -2019
    UNABLE_TO_FILL = -2020
    WOULD_TRIGGER = -2021
    REDUCE_ONLY = -2022
    MAX_OPEN_ORDERS = -2025
    MAX_POSITION = -2027
    LEVERAGE_MARGIN = -2028
    QTY_ZERO = -4003
    QTY_MIN = -4004
    QTY_MAX = -4005
    PRICE_MAX = -4002
    STOP_MAX = -4007
    PRICE_MIN = -4013
    PRICE_TICK = -4014
    CLIENT_ID = -4015
    PRICE_HIGH = -4016
    QTY_STEP = -4023
    PRICE_LOW = -4024
    LEVERAGE = -4028
    WORKING_TYPE = -4031
    MAX_ALGO = -4045
    SAME_MARGIN_TYPE = -4046
    MARGIN_TYPE_ORDERS = -4047
    MARGIN_TYPE_POSITION = -4048
    NOT_ISOLATED = -4049
    CROSS_BALANCE = -4050
    ISOLATED_BALANCE = -4051
    NO_POSITION = -4054
    AMOUNT = -4055
    SAME_POSITION_MODE = -4059
    POSITION_SIDE = -4060
    SIDE_MISMATCH = -4061
    REDUCE_CONFLICT = -4062
    MODE_ORDERS = -4067
    MODE_POSITION = -4068
    BATCH_SIZE = -4082
    CLIENT_ID_USED = -4116
    ALGO_SERVICE = -4120
    COUNTERPARTY = -4131
    ACTIVATION = -4135
    CLOSE_QUANTITY = -4137
    CLOSE_REDUCE = -4138
    SYMBOL_CLOSED = -4141
    LOWER_LEVERAGE = -4161
    NOTIONAL = -4164
    INTERVAL = -4165
    MULTI_ISOLATED = -4167
    ISOLATED_MULTI = -4168
    MULTI_ORDERS = -4170
    SAME_ASSET_MODE = -4171
    CALLBACK_RATE = -2007
    FOK = -5021
    POST_ONLY = -5022
    ONLY_LIMIT = -5025
    MAX_MODIFY = -5026
    NO_CHANGE = -5027
    PRICE_MATCH = -5037
    PRICE_MATCH_TYPE = -5038
    STP = -5039
    GOOD_TILL = -5040
    NO_MATCH_DEPTH = -5041
    NOT_REDUCE = -5047


TEXT: dict[FCode, str] = {
    FCode.START_AFTER_END: "Start time is greater than end time.",
    FCode.PRECISION: "Precision is over the maximum defined for this asset.",
    FCode.LISTEN_KEY: "This listenKey does not exist.",
    FCode.NEW_ORDER_RESP_TYPE: "Invalid newOrderRespType.",
    FCode.CANCEL_REJECTED: "Unknown order sent.",
    FCode.NO_SUCH_ORDER: "Order does not exist.",
    FCode.MARGIN: "Margin is insufficient.",
    FCode.UNABLE_TO_FILL: "Unable to fill.",
    FCode.WOULD_TRIGGER: "Order would immediately trigger.",
    FCode.REDUCE_ONLY: "ReduceOnly Order is rejected.",
    FCode.MAX_OPEN_ORDERS: "Reach max open order limit.",
    FCode.MAX_POSITION: "Exceeded the maximum allowable position at current leverage.",
    FCode.LEVERAGE_MARGIN: "Leverage is smaller than permitted: insufficient margin balance.",
    FCode.QTY_ZERO: "Quantity less than or equal to zero.",
    FCode.QTY_MIN: "Quantity less than min quantity.",
    FCode.QTY_MAX: "Quantity greater than max quantity.",
    FCode.PRICE_MAX: "Price greater than max price.",
    FCode.STOP_MAX: "Stop price greater than max price.",
    FCode.PRICE_MIN: "Price less than min price.",
    FCode.PRICE_TICK: "Price not increased by tick size.",
    FCode.CLIENT_ID: "Client order id is not valid.",
    FCode.QTY_STEP: "Qty not increased by step size.",
    FCode.WORKING_TYPE: "Invalid parameter working type.",
    FCode.MAX_ALGO: "Reach max stop order limit.",
    FCode.SAME_MARGIN_TYPE: "No need to change margin type.",
    FCode.MARGIN_TYPE_ORDERS: "Margin type cannot be changed if there exists open orders.",
    FCode.MARGIN_TYPE_POSITION: "Margin type cannot be changed if there exists position.",
    FCode.NOT_ISOLATED: "Add margin only support for isolated position.",
    FCode.CROSS_BALANCE: "Cross balance insufficient.",
    FCode.ISOLATED_BALANCE: "Isolated balance insufficient.",
    FCode.NO_POSITION: "Cannot add position margin: position is 0.",
    FCode.AMOUNT: "Amount must be positive.",
    FCode.SAME_POSITION_MODE: "No need to change position side.",
    FCode.POSITION_SIDE: "Invalid position side.",
    FCode.SIDE_MISMATCH: "Order's position side does not match user's setting.",
    FCode.REDUCE_CONFLICT: "Invalid or improper reduceOnly value.",
    FCode.MODE_ORDERS: "Position side cannot be changed if there exists open orders.",
    FCode.MODE_POSITION: "Position side cannot be changed if there exists position.",
    FCode.BATCH_SIZE: "Invalid number of batch place orders.",
    FCode.CLIENT_ID_USED: "ClientOrderId is duplicated.",
    FCode.ALGO_SERVICE: "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.",
    FCode.COUNTERPARTY: "The counterparty's best price does not meet the PERCENT_PRICE filter limit",
    FCode.ACTIVATION: "Invalid activation price.",
    FCode.CLOSE_QUANTITY: "Quantity must be zero with closePosition equals true.",
    FCode.CLOSE_REDUCE: "Reduce only must be true with closePosition equals true.",
    FCode.SYMBOL_CLOSED: "Symbol is closed.",
    FCode.LOWER_LEVERAGE: "Leverage reduction is not supported in Isolated Margin Mode with open positions.",
    FCode.INTERVAL: "Invalid time interval.",
    FCode.MULTI_ISOLATED: "Unable to adjust to Multi-Assets mode with symbols of USDⓈ-M Futures under isolated-margin mode.",
    FCode.ISOLATED_MULTI: "Unable to adjust to isolated-margin mode under the Multi-Assets mode.",
    FCode.MULTI_ORDERS: "Unable to adjust Multi-Assets Mode with open orders in USDⓈ-M Futures.",
    FCode.SAME_ASSET_MODE: "Adjusted asset mode is currently set and does not need to be adjusted repeatedly.",
    FCode.CALLBACK_RATE: "Invalid callBack rate",
    FCode.FOK: "Due to the order could not be filled immediately, the FOK order has been rejected. The order will not be recorded in the order history",
    FCode.POST_ONLY: "Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not be recorded in the order history",
    FCode.ONLY_LIMIT: "Only limit order is supported.",
    FCode.MAX_MODIFY: "Exceed maximum modify order limit.",
    FCode.NO_CHANGE: "No need to modify the order.",
    FCode.PRICE_MATCH: "Invalid price match",
    FCode.PRICE_MATCH_TYPE: "Price match only supports order type: LIMIT, STOP AND TAKE_PROFIT",
    FCode.STP: "Invalid self trade prevention mode",
    FCode.GOOD_TILL: "The goodTillDate timestamp must be greater than the current time plus 600 seconds and smaller than 253402300799000",
    FCode.NO_MATCH_DEPTH: "No depth matches this BBO order",
    FCode.NOT_REDUCE: "The original order is not a reduce-only order",
}  # fmt: skip


def error(code: FCode, text: str | None = None) -> ApiError:
    return ApiError(int(code), text or TEXT[code])


def not_required(name: str) -> ApiError:
    return ApiError(-1106, f"Parameter '{name}' sent when not required.")
