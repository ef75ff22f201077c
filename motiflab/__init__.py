"""Learn how convolutional neural networks discover DNA sequence motifs.

Import the module whose verb you need, for example ``from motiflab import motifs, training``.
Importing the package itself loads nothing else.
"""

__version__ = "0.1.0"
