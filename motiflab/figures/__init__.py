"""Pure functions that draw a result as an SVG string or a plotly figure.

Each name is imported when it is first used.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "style": "round_up letter_colours",
        "numbers": "written short brief percent power_of_ten equals minus signed bracketed",
        "svg": (
            "fitted wide_only rows_of within words_over svg_picture Ruler Scale svg_text svg_group "
            "svg_path svg_rect axis_name axis_lines text_width sequence_row position_numbers "
            "signed_fill base_look next_base touch_areas"
        ),
        "tables": "TURNED Html html_table table_row captioned unseen",
        "chart_parts": (
            "line points base_points bars key numbered_keys axis upright figure Figure Series "
            "curves_chart curves_text"
        ),
        "evaluation_charts": (
            "loss_chart loss_text precision_recall_chart precision_recall_figure curve_line "
            "random_line precision_recall_text roc_chart "
            "roc_text rates_chart precision_chart power_chart power_text matches_chart"
        ),
        "logo": (
            "letter_heights logo_svg logo_text glyph_definitions letters axis_range logo_bytes "
            "save_logo"
        ),
        "heatmap": "heatmap_svg heatmap_table motif_matrix_html",
        "filter_gallery": "FilterCard gallery_html gallery_table name_text",
        "stage_pictures": "hero_html thumbnails_html precision_recall_html loss_strip_html",
        "network_picture": "network_html network_strip strip_words stage_name stage_number",
        "activation_tracks": (
            "MarkedSite Track activation_tracks_svg activation_tracks_table best_window"
        ),
        "scan_picture": "Tap Scan scan_table in_words scan_svg",
        "pooling_pictures": (
            "PooledMap pooled_map_table pooled_map_words pooled_map_svg "
            "changed_chart size_chart end_scores_chart end_pooled_chart"
        ),
        "grammar_pictures": (
            "field_svg field_text missed_table field_chart field_chart_text reading_svg "
            "reading_table reading_text"
        ),
        "update_pictures": "addition_html centred_html change_html likeness_html",
        "place_pictures": "Places places_svg places_table",
        "contribution_map": "contribution_map_svg",
        "saliency_map": "Lane saliency_map_svg",
        "seqlet_map": "seqlet_map_svg",
        "genome_map": "GenomeMap genome_svg",
        "energy_pictures": (
            "occupancy_chart occupancy_text landscape_svg view_html saturation_chart "
            "agreement_chart"
        ),
        "peak_pictures": "window_svg distances_chart distances_text",
        "chart_stills": "chart_svg left_margin plain plot_elements",
        "stills": "Drawn still_svg still_text stand_alone",
        "board_picture": "BoardLine board_svg",
        "recovery_charts": "weights_chart starts_table study_chart",
    },
)
