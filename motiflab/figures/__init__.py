"""Pure drawing: a result goes in, an SVG string or a plotly figure comes out."""
