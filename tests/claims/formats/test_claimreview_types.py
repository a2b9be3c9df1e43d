"""ClaimReview against schema.org's own types, as schema-dts gives them to the TypeScript compiler."""

import json
import subprocess

from claims.formats.claimreview import claim_review, data_feed
from tests.npm import FOLDER

from .documents import HELD, document, passage

DESK = {"site_name": "Fact Desk", "site_url": "https://desk.example"}
TWO = [{"name": name, "slug": name, "kind": kind, "same_as": "https://www.wikidata.org/wiki/Q1"}
       for name, kind in (("Mira", "person"), ("Harbour office", "organisation"))]  # fmt: skip
KINDS = ["article", "official_record", "report", "dataset", "transcript", "social_post", "other"]
DOCUMENTS = [
    document(),
    document(**HELD),
    document(verdict={"value": None, "label": "Unproven"}, claimants=[], appearances=[]),
    document(claimants=TWO, appearances=[
        {"claimant": "", "said_on": None, **passage(source={"url": f"https://t.example/{kind}", "kind": kind})}
        for kind in KINDS
    ]),
]  # fmt: skip
WRONG = {"@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": "It did.", "verdict": "true"}


def compiled(npm, node, tmp_path, source):
    """Return what the compiler says of a TypeScript file that may import schema-dts."""
    (tmp_path / "node_modules").symlink_to(npm)
    (tmp_path / "check.ts").write_text(
        f"import type {{ ClaimReview, DataFeed, WithContext }} from 'schema-dts';\n{source}"
    )
    compiler = [node, f"{npm}/typescript/lib/tsc.js", "--noEmit", "--strict", "--moduleResolution", "bundler"]
    options = ["--module", "esnext", "--skipLibCheck", "--preserveSymlinks", "check.ts"]
    done = subprocess.run([*compiler, *options], cwd=tmp_path, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_every_shape_is_one_of_schema_org(npm, node, tmp_path):
    lines = [
        f"export const review{number}: WithContext<ClaimReview> = {json.dumps(claim_review(told, **DESK))};"
        for number, told in enumerate(DOCUMENTS)
    ]
    feed = json.loads("".join(data_feed(DOCUMENTS, **DESK, modified_at="2026-03-02T09:00:00Z")))
    for element in feed["dataFeedElement"]:
        for item in element["item"]:
            del item["@context"]  # by the types it stands at the top alone; readers of feeds want it in each
    lines.append(f"export const feed: WithContext<DataFeed> = {json.dumps(feed)};")
    # The compiler does refuse what schema.org does not have.
    lines += ["// @ts-expect-error", f"export const wrong: WithContext<ClaimReview> = {json.dumps(WRONG)};"]

    assert compiled(npm, node, tmp_path, "\n".join(lines)) == ""
    assert FOLDER.joinpath("package-lock.json").read_text().count("resolved") == 0
