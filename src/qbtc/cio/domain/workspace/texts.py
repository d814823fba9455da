"""What each indicator is and is not, in English and Spanish: shown beside the number, never without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["en", "es"]


@dataclass(frozen=True, slots=True)
class Text:
    """`property_` is the name in Butlin et al. 2023, in one's own words; `measures` the number; `limits` what it is not."""

    property_: str
    measures: str
    limits: str


NOTICE: Final[dict[Language, str]] = {
    "en": (
        "Seven measurements of seven mechanisms of this program, named after indicator properties in Butlin et al. 2023 "
        "(arXiv 2308.08708). They do not show that the system feels or is aware of anything, they form no scale, and they "
        "are never added up. Beside each stands what it would be with its mechanism switched off; on few cycles that says little."
    ),
    "es": (
        "Siete medidas de siete mecanismos de este programa, con los nombres de las propiedades indicadoras de Butlin et al. "
        "2023 (arXiv 2308.08708). No muestran que el sistema sienta ni sea consciente de nada, no forman una escala y nunca "
        "se suman. Junto a cada una está lo que sería con su mecanismo apagado; con pocos ciclos eso dice poco."
    ),
}

TEXTS: Final[dict[Language, dict[str, Text]]] = {
    "en": {
        "gwt2": Text(
            "A workspace of limited capacity with selective attention",
            "How much of what is offered is passed over because something more salient took the places.",
            "Not how good the choice is. A narrower workspace raises it.",
        ),
        "gwt3": Text(
            "Global broadcast to all modules",
            "The share of modules that had heard the last broadcast when they made their next offer.",
            "Not whether a module did anything with it.",
        ),
        "gwt4": Text(
            "Attention that depends on the state",
            "How far the winners differ from those of a workspace without context, goals and inhibition of return.",
            "Not whether the difference was for the better.",
        ),
        "hot2": Text(
            "Monitoring that tells reliable contents from noise",
            "How well the confidence in a source, before, separates what proved right from what proved wrong.",
            "Not a view of its own thoughts: it counts how often each source was right.",
        ),
        "ast1": Text(
            "A predictive model of its own attention",
            "How much better than an even guess it foretells which modules will hold the places next.",
            "Not awareness of attention. The model is a table of moves between modules.",
        ),
        "ae1": Text(
            "Learning from feedback to pursue goals that compete",
            "How much more the chosen served the goals of the moment than what was passed over.",
            "Not intentions: the goals and their weights are given by people. Only reported outcomes count.",
        ),
        "pp1": Text(
            "Input modules that use predictive coding",
            "How much of the inputs' deviation from their running mean was predicted from the value before.",
            "Not understanding, and no forecast of a market: a series that moves slowly is easy to predict.",
        ),
    },
    "es": {
        "gwt2": Text(
            "Un espacio de trabajo de capacidad limitada con atención selectiva",
            "Cuánto de lo ofrecido queda fuera porque algo más saliente ocupó los lugares.",
            "No dice si la elección es buena. Un espacio más estrecho la sube.",
        ),
        "gwt3": Text(
            "Difusión global a todos los módulos",
            "La proporción de módulos que habían oído la última difusión al hacer su siguiente oferta.",
            "No dice si el módulo hizo algo con ella.",
        ),
        "gwt4": Text(
            "Atención que depende del estado",
            "Cuánto difieren los ganadores de los de un espacio sin contexto, metas ni inhibición de retorno.",
            "No dice si la diferencia fue para bien.",
        ),
        "hot2": Text(
            "Vigilancia que distingue lo fiable del ruido",
            "Qué bien separa la confianza previa en una fuente lo que resultó cierto de lo que resultó falso.",
            "No es una mirada a sus propios pensamientos: cuenta cuántas veces acertó cada fuente.",
        ),
        "ast1": Text(
            "Un modelo predictivo de su propia atención",
            "Cuánto mejor que un reparto igual anticipa qué módulos ocuparán los lugares.",
            "No es conciencia de la atención. El modelo es una tabla de pasos entre módulos.",
        ),
        "ae1": Text(
            "Aprender de los resultados para perseguir metas que compiten",
            "Cuánto más sirvió lo elegido a las metas del momento que lo que quedó fuera.",
            "No son intenciones: las metas y sus pesos los ponen personas. Solo cuentan los resultados comunicados.",
        ),
        "pp1": Text(
            "Módulos de entrada con codificación predictiva",
            "Cuánto de lo que las entradas se apartan de su media se predijo a partir del valor anterior.",
            "No es comprensión ni pronóstico de un mercado: una serie lenta es fácil de predecir.",
        ),
    },
}
