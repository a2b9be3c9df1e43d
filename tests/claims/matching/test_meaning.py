"""The optional embedding: a tiny model of our own, its vectors as rows, and the ranking that uses it."""

import json
from datetime import timedelta

import numpy
import onnx
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from claims.matching import Entry, MatchIndex
from claims.matching.embedding import Embedding, EmbeddingUnusable, to_bytes
from claims.matching.vectors import Vectors
from claims.models import ClaimVector
from claims.services import matching, meaning
from claims.services.claims import edit_claim
from claims.tasks import make_vectors
from tests.factories import NOW, ClaimFactory, ReviewerFactory, published

# Words of one line mean the same to this model.
SENSES = ("automobile car motorcar", "price cost fare", "doubled twice", "harbour port", "wolf wolves", "bread loaf")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model that knows a dozen words: it looks up a vector for each."""
    made = tmp_path_factory.mktemp("embedding")
    vocabulary = {"[PAD]": 0, "[UNK]": 1}
    rows = [numpy.zeros(8), numpy.full(8, 0.01)]
    for sense, words in enumerate(SENSES):
        for word in words.split():
            vocabulary[word] = len(rows)
            rows.append(numpy.eye(8)[sense])
    table = numpy_helper.from_array(numpy.array(rows, dtype=numpy.float32), "table")
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["tokens"])],
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "t"]) for name in ("input_ids",)],
        [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["b", "t", 8])],
        [table],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(made / "model.onnx"))
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(made / "tokenizer.json"))
    return made


@pytest.fixture
def embedded(folder, settings):
    settings.MATCH_EMBEDDING = str(folder)
    meaning._HELD.clear()
    yield folder
    meaning._HELD.clear()


def near(text, *, by):
    return [one.claim for one in matching.similar_claims(text=text, visible_to=by, now=NOW)]


def test_texts_that_mean_the_same_have_near_vectors(folder):
    embedding = Embedding(folder)

    car, motor, wolf = embedding.encode(["car cost", "price of the automobile", "wolves"])

    assert embedding.size == 8
    assert car @ motor > 0.9 > car @ wolf
    assert embedding.encode([]).shape == (0, 8)


def test_a_folder_without_a_model_says_what_is_missing(tmp_path):
    with pytest.raises(EmbeddingUnusable, match="holds no usable model"):
        Embedding(tmp_path)
    (tmp_path / "embedding.json").write_text("{")
    with pytest.raises(EmbeddingUnusable, match=r"embedding\.json"):
        Embedding(tmp_path)


def test_a_claim_in_quite_other_words_is_found_by_its_meaning(folder):
    embedding = Embedding(folder)
    entries = [Entry("car", ("The automobile fare doubled.",)), Entry("wolf", ("Wolves ate the bread.",))]
    index, vectors = MatchIndex(), Vectors(embedding.size)
    index.rebuild(entries)
    vectors.put(
        (entry.id, to_bytes(row))
        for entry, row in zip(entries, embedding.encode([e.meant for e in entries]), strict=True)
    )
    assert index.find("car cost twice") == []

    index.use_meaning(embedding, vectors)

    assert index.find("car cost twice")[0].entry.id == "car"


def test_above_a_limit_a_graph_finds_the_nearest():
    choose = numpy.random.default_rng(8)
    rows = choose.normal(size=(600, 16)).astype(numpy.float32)
    rows /= numpy.linalg.norm(rows, axis=1, keepdims=True)
    exact, graph = Vectors(16), Vectors(16, exact_up_to=100)
    for vectors in (exact, graph):
        vectors.put((str(at), to_bytes(row)) for at, row in enumerate(rows[:400]))
        vectors.put((str(at), to_bytes(row)) for at, row in enumerate(rows))
        vectors.put([("0", to_bytes(rows[1])), ("bad", b"short")])

    assert exact.is_exact and not graph.is_exact
    assert len(exact) == len(graph) == 600
    shared = [len(set(exact.nearest(row, 10)) & set(graph.nearest(row, 10))) for row in rows[:50]]
    assert sum(shared) > 400
    assert graph.cosines(rows[1], ["0", "1", "none"]) == pytest.approx({"0": 1, "1": 1}, abs=0.02)


@pytest.mark.django_db
def test_a_worker_makes_the_vectors_and_the_next_question_uses_them(embedded):
    desk = ReviewerFactory()
    claim = ClaimFactory(text="The automobile fare doubled.")
    ClaimFactory(text="Wolves ate the bread.")
    assert near("car cost twice", by=desk) == []

    make_vectors()

    assert meaning.ranking() == "words_and_meaning"
    assert near("car cost twice", by=desk)[0] == claim
    assert ClaimVector.objects.count() == 2
    kept = set(ClaimVector.objects.values_list("pk", flat=True))
    make_vectors()
    assert set(ClaimVector.objects.values_list("pk", flat=True)) == kept


@pytest.mark.django_db
def test_an_edit_gets_a_new_vector_and_another_change_does_not(embedded):
    desk = ReviewerFactory()
    claim = ClaimFactory(text="The automobile fare doubled.", drafted_by=desk)
    make_vectors()
    before = ClaimVector.objects.get()

    edit_claim(claim_id=claim.pk, version=claim.version, by=desk, now=NOW, priority=1)
    make_vectors()
    assert ClaimVector.objects.get().pk == before.pk
    edit_claim(
        claim_id=claim.pk, version=claim.version + 1, by=desk, now=NOW + timedelta(hours=1), text="A loaf of bread."
    )
    make_vectors()

    assert ClaimVector.objects.get().pk != before.pk
    assert near("car cost twice", by=desk) == []


@pytest.mark.django_db
def test_the_public_is_answered_by_the_meaning_of_what_was_published(embedded):
    claim = published()
    claim.text = "The automobile fare doubled."
    claim.version += 1
    claim.save()
    make_vectors()

    assert near("car cost twice", by=AnonymousUser()) == []
    assert near("car cost twice", by=claim.drafted_by) == [claim]
    assert ClaimVector.objects.filter(claim=claim).count() == 2


@pytest.mark.django_db
def test_without_a_usable_model_words_alone_are_used(settings, tmp_path, caplog):
    settings.MATCH_EMBEDDING = str(tmp_path / "nothing")
    meaning._HELD.clear()
    claim = ClaimFactory(text="Wolves ate the bread.")

    assert near("bread eaten by wolves", by=claim.drafted_by) == [claim]
    assert meaning.ranking() == "words"
    assert meaning.make_vectors() == 0
    assert "by their words alone" in caplog.text


def test_the_command_that_makes_a_model_says_what_it_needs(tmp_path, capsys):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("Dear desk")
    with pytest.raises(SystemExit):
        call_command("build_embedding_model", str(tmp_path / "other"))
    assert "holds something else" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        call_command("build_embedding_model", str(tmp_path / "new"))
    assert "an environment of its own" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


@pytest.mark.django_db
def test_the_answer_says_which_ranking_runs(embedded, client):
    answer = client.get("/api/v1/claims:match", {"text": "bread"})
    assert json.loads(answer.content)["index"]["ranking"] == "words_and_meaning"


def test_the_command_weighs_meaning_where_a_model_is_named(folder, tmp_path, capsys):
    claims, queries = tmp_path / "claims.jsonl", tmp_path / "queries.jsonl"
    claims.write_text('{"id": "car", "text": "The automobile fare doubled."}\n{"id": "wolf", "text": "Wolves."}\n')
    queries.write_text('{"id": 1, "text": "car cost twice"}\n')

    call_command("match", str(queries), claims=str(claims), json=True)
    call_command("match", str(queries), claims=str(claims), json=True, embedding=str(folder))

    by_words, by_meaning = map(json.loads, capsys.readouterr().out.splitlines())
    assert by_words["matches"] == []
    assert by_meaning["matches"][0]["id"] == "car"
