"""The twelve narrative archetypes of Pearson and Marr as labels of the style of a text, or `none`. No personality test.

What is labelled is how a passage tells its story, never who wrote it: the labels were learned from short texts written for
this purpose (`data/`), not from people, and say nothing about an author's character, health or fitness.

    labels      the thirteen labels;   examples   the shipped texts and the check for near duplicates
    features    a text as hashed stems and characters with its 26 features;   regression   the multinomial logistic fit
    classifier  both together, fitted at the first text of a language;   scores   accuracy, macro F1, ECE

Library only: no service calls it yet. `tools/archetypes.py` chooses the settings and prints the figures.
"""

from .classifier import Classifier, Reading, archetypes, classifier, train
from .labels import LABELS, NONE

__all__ = ["LABELS", "NONE", "Classifier", "Reading", "archetypes", "classifier", "train"]
