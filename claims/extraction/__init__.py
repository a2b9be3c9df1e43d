from claims.extraction.sentences import Sentence, split_sentences

__all__ = ["Sentence", "split_sentences"]
