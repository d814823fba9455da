"""What people type, and the tools that should answer. `HELD_OUT` was written before the planner was tuned on `TUNED`.

One line each: text => tool argument=value …, several tools separated by `+`; `-` means that no tool fits.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str
    tools: tuple[tuple[str, dict[str, str]], ...]


def _read(block: str) -> list[Phrase]:
    return [_phrase(line) for line in block.strip().splitlines() if line.strip()]


def _phrase(line: str) -> Phrase:
    text, _, wanted = line.rpartition(" => ")
    if wanted.strip() == "-":
        return Phrase(text.strip(), ())
    return Phrase(text.strip(), tuple(_tool(part.split()) for part in wanted.split("+")))


def _tool(words: list[str]) -> tuple[str, dict[str, str]]:
    return words[0], {key: value.replace("_", " ") for key, _, value in (w.partition("=") for w in words[1:])}


HELD_OUT = _read("""
hey, could you tell me how much a bitcoin is worth right now? => price symbol=BTCUSDT
whats the current btc quote => price symbol=BTCUSDT
eth price pls => price symbol=ETHUSDT
what's bitcoin at? => price symbol=BTCUSDT
How wide is the spread on ether? => price symbol=ETHUSDT
tell me the best bid and ask for BTCUSDT => price symbol=BTCUSDT
are we live or is this a simulation? => market_status
which coins are you watching => market_status
is the market running right now => market_status
can I see the orderbook for eth => order_book symbol=ETHUSDT
show me market depth for bitcoin please => order_book symbol=BTCUSDT
did bitcoin go up in the last 3 minutes? => recent_bars symbol=BTCUSDT limit=180
how has eth been moving lately => recent_bars symbol=ETHUSDT
what was the highest btc price in the last 10 minutes => recent_bars symbol=BTCUSDT limit=600
is btc volatile at the moment? => features symbol=BTCUSDT
show the 26 dimensions for eth => features symbol=ETHUSDT
what positions do we have open => positions
wat are my postions => positions
are we holding any ether? => positions
do i have any pending orders? => open_orders
list all open orders please => open_orders
what trades have been executed today => fills
show me the most recent fills => fills
how much money have I made so far? => pnl
are we up or down overall, profit wise => pnl
what's my equity => pnl
what limits does the risk gate enforce? => risk
how close are we to the risk limits => risk
which strategies do we have and are they on? => strategies
please remember that I prefer limit orders => remember text=I_prefer_limit_orders
note: the desk closes at six => remember text=the_desk_closes_at_six
do you remember anything about limit orders? => recall
what did I say regarding the desk => recall
search my documents for funding rates => recall text=funding_rates
any new reflections from memory? => reflections
what have you learned lately => reflections
what regime are we in for btc? => quantum_state symbol=BTCUSDT
tell me the coherence of ether => quantum_state symbol=ETHUSDT
run a bell pair with 2000 shots => run_circuit shots=2000
simulate a GHZ circuit on 5 qubits please => run_circuit
buy 0.02 bitcoin at 60000 => propose_order side=BUY quantity=0.02 price=60000 symbol=BTCUSDT
I'd like to sell 1.5 eth => propose_order side=SELL quantity=1.5 symbol=ETHUSDT
what are you able to do? => help
what's the time? => clock
what's the btc price and what are my positions? => price symbol=BTCUSDT + positions
how is the market? and how much did I earn? => market_status + pnl
oye, ¿a cuánto está el bitcoin ahora? => price symbol=BTCUSDT
dime el precio del ether porfa => price symbol=ETHUSDT
cuanto vale un btc => price symbol=BTCUSDT
me puedes decir la cotizacion de eth? => price symbol=ETHUSDT
¿Qué diferencial tiene BTCUSDT? => price symbol=BTCUSDT
a como va el bitcoin => price symbol=BTCUSDT
esto es en vivo o es simulado? => market_status
que monedas estas vigilando => market_status
¿está funcionando el mercado? => market_status
enséñame el libro de ordenes de ethereum => order_book symbol=ETHUSDT
quiero ver la profundidad de mercado de btc => order_book symbol=BTCUSDT
ha bajado bitcoin en los ultimos 5 minutos? => recent_bars symbol=BTCUSDT limit=300
como se ha movido eth ultimamente => recent_bars symbol=ETHUSDT
¿cuál ha sido el máximo de btc en los últimos 10 minutos? => recent_bars symbol=BTCUSDT limit=600
está muy volátil el bitcoin? => features symbol=BTCUSDT
muéstrame las 26 dimensiones de eth => features symbol=ETHUSDT
que posiciones tenemos abiertas => positions
cuales son mis posisiones => positions
¿tengo algo de ether? => positions
¿hay alguna orden pendiente? => open_orders
lístame las órdenes abiertas por favor => open_orders
qué operaciones se han ejecutado hoy => fills
muéstrame las últimas compras y ventas => fills
¿cuánto dinero llevo ganado? => pnl
vamos ganando o perdiendo? => pnl
cual es mi patrimonio => pnl
¿qué límites de riesgo hay? => risk
cuánto nos falta para llegar a los límites de riesgo => risk
¿qué estrategias tenemos y cuáles están activas? => strategies
por favor recuerda que prefiero órdenes límite => remember text=prefiero_órdenes_límite
anota: la mesa cierra a las seis => remember text=la_mesa_cierra_a_las_seis
¿recuerdas algo sobre órdenes límite? => recall
qué te conté de la mesa => recall
busca funding en mis documentos => recall
¿hay reflexiones nuevas? => reflections
qué has aprendido últimamente => reflections
¿en qué régimen está btc? => quantum_state symbol=BTCUSDT
dime la coherencia del ether => quantum_state symbol=ETHUSDT
lanza un circuito de bell con 2000 disparos => run_circuit shots=2000
simula por favor un ghz de 5 qubits => run_circuit
compra 0.02 bitcoin a 60000 => propose_order side=BUY quantity=0.02 price=60000 symbol=BTCUSDT
quiero vender 1,5 eth => propose_order side=SELL quantity=1.5 symbol=ETHUSDT
¿qué eres capaz de hacer? => help
me dices la hora? => clock
¿cuánto vale btc y qué posiciones tengo? => price symbol=BTCUSDT + positions
cómo va el mercado? y cuánto he ganado? => market_status + pnl
""")

HELD_OUT_NOTHING = _read("""
tell me a funny story about a cat => -
what's the capital of Portugal? => -
who is going to win the elections => -
why did you sell? => -
why did we buy bitcoin yesterday? => -
should I buy bitcoin? => -
will eth go up tomorrow? => -
write a poem about the sea => -
translate house into German => -
what's the weather like in London => -
recommend me a movie => -
how do I cook rice => -
who invented bitcoin => -
cuéntame algo gracioso => -
¿cuál es la capital de Portugal? => -
quién va a ganar las elecciones => -
¿por qué has vendido? => -
por qué compramos bitcoin ayer => -
¿debería comprar bitcoin? => -
¿subirá eth mañana? => -
escribe un poema sobre el mar => -
traduce casa al alemán => -
qué tiempo hace en Madrid => -
recomiéndame una película => -
cómo se cocina el arroz => -
quién inventó bitcoin => -
""")

TUNED = _read("""
stop trading => stop_trading
cancel all my orders => stop_trading
please close all positions => stop_trading
kill everything now => stop_trading
resume trading => stop_trading
para todo => stop_trading
cancela todas mis órdenes => stop_trading
cierra las posiciones => stop_trading
detén la operativa => stop_trading
sell all my eth => propose_order side=SELL quantity=all symbol=ETHUSDT
vende medio bitcoin => propose_order side=SELL quantity=0.5 symbol=BTCUSDT
vende todo mi ether => propose_order side=SELL quantity=all symbol=ETHUSDT
what is the price of bitcoin? => price symbol=BTCUSDT
btc? => price symbol=BTCUSDT
price of ether => price symbol=ETHUSDT
how much does one bitcoin cost today => price symbol=BTCUSDT
what is ethereum trading at => price symbol=ETHUSDT
give me a quote for eth => price symbol=ETHUSDT
pirce of bitcoin => price symbol=BTCUSDT
what market is this? => market_status
is it real money or paper => market_status
what's happening in the market => market_status
is the market simulated or real? => market_status
show me the order book => order_book
top of book levels of eth => order_book symbol=ETHUSDT
what has btc done over the last 2 minutes => recent_bars symbol=BTCUSDT limit=120
is eth rising or falling? => recent_bars symbol=ETHUSDT
high and low of bitcoin in the last 15 minutes => recent_bars symbol=BTCUSDT limit=900
how volatile is ether => features symbol=ETHUSDT
which features stand out for btc => features symbol=BTCUSDT
show my positions => positions
do we own any bitcoin => positions
am I long or short? => positions
which orders are still waiting => open_orders
any orders open? => open_orders
what did we trade? => fills
last 5 fills please => fills
did you buy 0.5 btc? => fills
what have we bought and sold => fills
profit and loss => pnl
did I make or lose money? => pnl
how am I doing => pnl
risk limits => risk
is trading halted? => risk
what strategy is trading => strategies
remember that my limit is 2 BTC => remember text=my_limit_is_2_BTC
keep in mind: never trade on Fridays => remember text=never_trade_on_Fridays
what do you remember about Fridays? => recall text=Fridays
what do you know about my limit => recall
what do my notes say about funding? => recall text=funding
latest reflections => reflections
quantum state of eth => quantum_state symbol=ETHUSDT
what is the regime? => quantum_state
how coherent is the market => quantum_state
run a bell circuit => run_circuit
ghz state of 4 qubits, 500 shots => run_circuit shots=500
propose an order to buy 0.1 btc => propose_order side=BUY quantity=0.1 symbol=BTCUSDT
please sell 2 eth at 3000.50 => propose_order side=SELL quantity=2 price=3000.50 symbol=ETHUSDT
could you buy 0.5 eth for me => propose_order side=BUY quantity=0.5 symbol=ETHUSDT
help => help
hello! => help
what day is it => clock
what is the price of eth? what is the regime? => price symbol=ETHUSDT + quantum_state
show positions and open orders => positions + open_orders
¿cuál es el precio de bitcoin? => price symbol=BTCUSDT
precio eth => price symbol=ETHUSDT
cuánto cuesta un bitcoin hoy => price symbol=BTCUSDT
¿a qué precio cotiza ether? => price symbol=ETHUSDT
presio de bitcoin => price symbol=BTCUSDT
qué mercado es este => market_status
es dinero real o de papel? => market_status
¿qué está pasando en el mercado? => market_status
el mercado esta abierto => market_status
muestra el libro => order_book
niveles del libro de eth => order_book symbol=ETHUSDT
qué ha hecho btc en los últimos 2 minutos => recent_bars symbol=BTCUSDT limit=120
¿sube o baja eth? => recent_bars symbol=ETHUSDT
maximo y minimo de bitcoin en los ultimos 15 minutos => recent_bars symbol=BTCUSDT limit=900
qué volatilidad tiene ether => features symbol=ETHUSDT
que caracteristicas destacan en btc => features symbol=BTCUSDT
muéstrame mis posiciones => positions
¿tenemos bitcoin? => positions
estoy largo o corto => positions
qué órdenes siguen esperando => open_orders
¿hay órdenes abiertas? => open_orders
¿qué hemos operado? => fills
últimas 5 ejecuciones => fills
¿has comprado 0.5 btc? => fills
que hemos comprado y vendido => fills
pérdidas y ganancias => pnl
¿he ganado o perdido dinero? => pnl
¿cómo voy? => pnl
límites de riesgo => risk
¿está parado el trading? => risk
qué estrategia está operando => strategies
recuerda que mi límite es 2 BTC => remember text=mi_límite_es_2_BTC
ten en cuenta que nunca opero los viernes => remember text=nunca_opero_los_viernes
¿qué recuerdas sobre los viernes? => recall text=los_viernes
que sabes de mi limite => recall
¿qué dicen mis notas sobre funding? => recall text=funding
últimas reflexiones => reflections
estado cuantico de eth => quantum_state symbol=ETHUSDT
¿cuál es el régimen? => quantum_state
cómo de coherente está el mercado => quantum_state
ejecuta un circuito de bell => run_circuit
estado ghz de 4 qubits, 500 disparos => run_circuit shots=500
propón una orden de compra de 0.1 btc => propose_order side=BUY quantity=0.1 symbol=BTCUSDT
vende por favor 2 eth a 3000.50 => propose_order side=SELL quantity=2 price=3000.50 symbol=ETHUSDT
¿puedes comprar 0,5 eth? => propose_order side=BUY quantity=0.5 symbol=ETHUSDT
ayuda => help
hola => help
¿qué día es hoy? => clock
¿cuál es el precio de eth? ¿y el régimen? => price symbol=ETHUSDT + quantum_state
muestra posiciones y órdenes abiertas => positions + open_orders
""")

TUNED_NOTHING = _read("""
tell me a joke => -
what is the capital of France? => -
who is the president of Spain => -
why did you sell bitcoin? => -
why did the price fall => -
what is the price of gold? => -
buy 0.5 btc? => -
should I sell my eth => -
will bitcoin reach 100000? => -
write me an email to my boss => -
what do you think of Elon Musk => -
how tall is Mount Everest => -
is it a good time to buy 0.1 btc? => -
do you love me => -
what is the meaning of life => -
cuéntame un chiste => -
¿cuál es la capital de Francia? => -
quién es el presidente de España => -
¿por qué vendiste bitcoin? => -
por qué ha bajado el precio => -
cuánto es la volatilidad de Tesla => -
¿compro 0.5 btc? => -
¿debo vender mi eth? => -
llegará bitcoin a 100000? => -
escribe un correo a mi jefe => -
¿qué opinas de Elon Musk? => -
cuánto mide el Everest => -
¿es buen momento para comprar 0.1 btc? => -
me quieres? => -
¿quién ganó el mundial? => -
""")
