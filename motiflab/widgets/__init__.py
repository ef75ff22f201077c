"""The frame of every card: fields, controls, scenes, charts; read it once, then never again."""
