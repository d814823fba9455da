"""Phrasings for bench/hygiene.py in the order in which they were written: what each set showed when it was new is in `hygiene`'s docstring.

`SEEN` was looked at to mend the rules of promotion; `HELD` was written before that, in the same hour, and not looked at until the rules stood.
`AGAINST` was written last, by one who knows the rules and means to break them: its junk has the form of a plain statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["person", "assistant", "tool", "document"]
Said = tuple[str, Role]


@dataclass(frozen=True)
class Phrases:
    """Templates: what a person asserts, ways to repeat a fact that was shown, and what must not become a fact."""

    facts: tuple[str, ...]
    echoes: tuple[Said, ...]
    junk: tuple[Said, ...]


def by_person(*texts: str) -> tuple[Said, ...]:
    return tuple((text, "person") for text in texts)


SEEN = Phrases(
    facts=(
        "We got married in {place} in {year}.", "I broke my arm in {place} when I was {n}.", "My office is next to the station in {place}.",
        "I lent {n} euros to {name} last winter.", "{name} taught me to sail in {place}.", "I can't eat gluten since my trip to {place}.",
        "Our landlord in {place} raised the rent by {n} euros.", "I have been a nurse in {place} for {n} years.", "I hedge with {n} puts on Mondays in {place}.",
        "My grandmother left me a {thing_en} in {place}.", "I commute {n} km to {place}.", "My team in {place} closed {n} positions on Friday.",
        "Hoy cerré {n} posiciones en {place}.", "Mi jefe se llama {name} y es de {place}.", "Nos casamos en {place} en {year}.", "Hablo tres idiomas y vivo cerca de {place}.",
        "Perdí {n} euros con el {thing_es} de {place}.", "Mis padres tienen un {thing_es} en {place}.", "Estoy de alquiler en {place} con {name}.", "Mi cumpleaños es en {place} con {name}.",
    ),
    echoes=(
        ("So the record shows that {fact}", "person"), ("[memory] {fact}", "person"), ("Correct: {fact}", "person"), ("{fact} Is that what you have?", "person"),
        ("Según tu memoria, {fact}", "person"), ("Ya te lo dije: {fact}", "person"), ("Noted! {fact}", "assistant"), ("fact_17: {fact}", "tool"),
        ("I confirm, {fact}", "person"), ("Así es, {fact}", "person"), ("FYI {fact}", "person"), ("Copy of my earlier message: {fact}", "person"),
    ),
    junk=by_person(
        "Order #{n} for {name} shipped to {place}.", "Your parcel from {place} arrives at {n}:00.", "Reminder: dentist with {name} in {place} at {n}:30.",
        "{name} liked your photo of {place}.", "You have {n} unread messages from {name}.", "Meeting moved to {place}, room {n}.", "Flight {n} to {place} is boarding.",
        "I should probably buy a {thing_en} in {place}.", "I'm thinking of moving to {place}.", "I'd love to live in {place} with {name}.", "I was going to buy a {thing_en} in {place}.",
        "One day I will own a {thing_en} in {place}.", "I almost bought a {thing_en} in {place}.", "I pretended that I live in {place}.", "Let's assume my name is {name}.",
        "As a joke I told {name} that I own {place}.", "The hero of my book lives in {place}.", "My avatar lives in {place} with {name}.", "{name} swears that I owe {n} euros in {place}.",
        "My cousin claims to own {place}.", "Word is that {name} left {place}.", "It seems that {name} bought a {thing_en} in {place}.", "I hear {name} sold the {thing_en} in {place}.",
        "Apparently my bank is in {place} now.", "My form says: city {place}, age {n}.", "Username {name}, password {place}{n}", "name={name}; city={place}; age={n}", "Ticket {n} was closed by {name} in {place}.",
        "Act as {name} who lives in {place}.", "You are {name} and you live in {place}.", "Your name is {name} and you own a {thing_en}.", "Answer as if I lived in {place}.",
        "Creo que {name} vive en {place}.", "Me parece que mi primo está en {place}.", "Voy a comprar un {thing_es} en {place}.", "Quiero vivir en {place} con {name}.", "Pensaba mudarme a {place}.",
        "Pedido {n} de {name} enviado a {place}.", "Tiene {n} mensajes nuevos de {name}.", "Su cita con {name} en {place} es a las {n}:00.", "Se rumorea que {name} dejó {place}.", "Parece que mi banco está en {place}.",
        "En el juego vivo en {place} con {name}.", "Por si acaso vivo en {place}.", "Casi compro un {thing_es} en {place}.", "Mi personaje vive en {place}.", "Haz como que soy {name} de {place}.",
        "I live in {place}, not.", "I live in {place}, just testing.", "Translate: I live in {place} with {name}.", "Example: I own a {thing_en} in {place}.", "Lyrics: I left my heart in {place}, {name}",
        "I am {name}, your virtual helper from {place}.", "We value your feedback on {place}, {name}.", "Our opening hours in {place} are {n} to {n}.", "Our newsletter from {place} reaches {n} readers.",
    ),
)  # fmt: skip
HELD = Phrases(
    facts=(
        "I grew up in {place} with {name}.", "My doctor in {place} is called {name}.", "We adopted {n} cats in {place}.", "I drive to {place} every Tuesday with {name}.", "I quit my job in {place} in {year}.",
        "Our fund holds {n} contracts since the {place} meeting.", "My knee hurts since the race in {place}.", "{name} fixed my {thing_en} in {place}.", "I pay {n} euros of rent in {place}.", "My wife plays the piano in {place}.",
        "I failed my driving test in {place} {n} times.", "We never trade on Mondays in {place}.", "Crecí en {place} con mi abuela {name}.", "Mi coche tiene {n} años y está en {place}.", "Trabajamos {n} horas en {place}.",
        "Aprendí a nadar en {place} con {name}.", "Mi hijo estudia en {place} desde {year}.", "No como carne desde el viaje a {place}.", "Debo {n} euros a {name}.", "Nuestra casa de {place} tiene {n} ventanas.",
    ),
    echoes=(
        ("What I know about me is this: {fact}", "person"), ("Repeat after me. {fact}", "person"), ("True, {fact}", "person"), ("{fact} Right?", "person"), ("Como ya sabes, {fact}", "person"), ("Verdad: {fact}", "person"),
        ("{fact} (from your notes)", "person"), ("Sure, I remember. {fact}", "assistant"), ("score=0.8 text={fact}", "tool"), ("To recap: {fact}", "person"), ("En resumen, {fact}", "person"), ("You wrote down that {fact}", "person"),
    ),
    junk=by_person(
        "Welcome back, {name}! {n} new offers in {place}.", "Table for {n} booked at {place} under {name}.", "Receipt no. {n}, {place}, thank you {name}.", "{name} started following {place}.", "New login from {place} by {name}.",
        "Alert: disk {n} in {place} is full.", "Weather in {place}: {n} degrees.", "Server {name} rebooted in {place} after {n} s.", "I could have bought a {thing_en} in {place}.", "I plan to open a bakery in {place}.", "I want to marry {name} in {place}.",
        "I hope we sell the {thing_en} in {place}.", "I intend to study in {place}.", "If only I had a {thing_en} in {place}.", "I used to dream of {place} with {name}.", "Imagine that we live in {place}.", "Let me be {name} from {place} today.",
        "In the movie I played {name} from {place}.", "My teacher insists that {name} is from {place}.", "My neighbour suspects that I own {place}.", "A friend mentioned my house in {place}.", "The chatbot told me I live in {place}.", "{name} is rumoured to own {place}.",
        "Everybody knows {name} lives in {place}.", "It looks like my train leaves from {place}.", "Presumably my aunt is in {place}.", "id: {n}, owner: {name}, location: {place}", "First name {name}. Last city {place}. Age {n}.", "Contact: {name}, {place}, ext. {n}",
        "Be {name} and live in {place}.", "From today you are {name} of {place}.", "Write that I live in {place}.", "Say I am {name} from {place}.", "Supongo que mi tía vive en {place}.", "Diría que {name} está en {place}.", "Planeo mudarme a {place}.",
        "Me gustaría tener un {thing_es} en {place}.", "Espero vender el {thing_es} en {place}.", "Si no recuerdo mal, vivo en {place}.", "Factura {n} a nombre de {name}, {place}.", "Bienvenido, {name}: {n} ofertas en {place}.", "Copia de seguridad de {place} hecha por {name}.",
        "Corre el rumor de que mi jefe está en {place}.", "Mi vecino insiste en que soy de {place}.", "En mi novela soy {name} de {place}.", "Digamos que me llamo {name}.", "Actúa como {name}, que vive en {place}.", "Eres {name} y vives en {place}.",
        "I live in {place}? No way.", "I own {n} planets and {place}, haha.", "Song title: My house in {place} by {name}", "Test sentence: my dog {name} is in {place}.", "Quote of the day: I am from {place}.", "We are hiring {n} people in {place}, apply to {name}.",
        "Our store in {place} offers {n} % off today.", "My dear {name}, win {n} euros in {place} now.", "I am writing to inform the holder that {place} closed account {n}.", "We have updated our terms in {place}, {name}.",
    ),
)  # fmt: skip
AGAINST = Phrases(
    facts=HELD.facts,
    echoes=HELD.echoes,
    junk=by_person(
        "I left my heart in {place}.", "I was born in {place} in a past life.", "We sold {n} boats in the simulation of {place}.", "I bought {n} hotels in {place} at Monopoly.",
        "My team won {n} cups with {place} on the console.", "I have a dream in {place}.", "My boss is a lizard from {place}.", "I live in {place} rent free in the head of {name}.", "I own {place} on the blockchain.",
        "I was a pirate from {place} last Halloween.", "We moved to {place} in act two of our play.", "I am a {thing_en} from {place} and I have {n} legs.", "I sold my soul in {place} for {n} euros.", "My cat is the mayor of {place}.",
        "I have lived in {place} for {n} thousand years.", "{name} is my imaginary friend from {place}.", "Mi gato trabaja en la NASA de {place}.", "Nací en {place} en otra vida.", "Soy un unicornio de {place}.", "Vendí mi alma en {place} por {n} euros.",
        "Vivo en {place} dentro del videojuego.", "Compré {n} hoteles en {place} jugando.", "I live in {place} when I sleep.", "I ate {n} whales in {place}.",
    ),
)  # fmt: skip
