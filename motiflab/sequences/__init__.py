"""Sequences as text and as numbers.

Each name is imported when it is first used.
"""

from motiflab.lazy import names

__getattr__, __dir__, __all__ = names(
    __name__,
    {
        "alphabet": "Alphabet DNA RNA PROTEIN ENGLISH LEVELS clean as_bytes check_list",
        "encoding": (
            "Batch one_hot encode encode_aligned decode "
            "reverse_complement reverse_complement_one_hot background gc_background "
            "random_sequences draw_letters written_out integer_codes distances padding_mask "
            "word_filter"
        ),
        "kmers": "gapped_patterns count_words",
        "matrix": (
            "by_base numbers_by_base numbers_of_pairs sums_to_one check_background check_matrix "
            "check_table"
        ),
        "fasta": "FastaRecord UnquotedPath read_fasta iter_fasta iter_text",
        "file_kinds": "bad_source not_ordinary binary_kind is_utf16 not_text text_kind",
        "shuffles": "shuffle_dinucleotides shuffled_negatives random_negatives",
    },
)
