"""Front ends for Jupyter: a state, a pure computation, a pure drawing and the controls."""
