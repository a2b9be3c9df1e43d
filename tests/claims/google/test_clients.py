"""Google's own clients, unmodified, against this desk: the one in Python here, the one for Node where it is found."""

import json
import subprocess

import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from claims.services.publishing import withdraw_claim
from tests.factories import NOW, ClaimFactory, DeskLeadFactory, decided, published, with_evidence
from tests.npm import FOLDER

from .discovery import PAGE, SEARCH, valid

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SCRIPT = """
const { factchecktools } = require('@googleapis/factchecktools');
const [rootUrl, code] = process.argv.slice(1);
const api = factchecktools({ version: 'v1alpha1', auth: 'k', rootUrl: `${rootUrl}/` });
const refused = async (call) => call.then(() => 0, (error) => Number(error.code ?? error.status));
(async () => {
  const found = [];
  let pageToken;
  do {
    const { data } = await api.claims.search({ query: 'ferry crossings', pageSize: 2, pageToken });
    found.push(...data.claims.map((claim) => claim.claimReview[0].url));
    pageToken = data.nextPageToken;
  } while (pageToken);
  const past = (await api.claims.search({ query: 'ferry', pageSize: 100, offset: 100000 })).data;
  const page = (await api.pages.get({ name: `pages/${code}` })).data;
  const codes = [
    await refused(api.claims.search({})),
    await refused(api.claims.imageSearch({ imageUri: 'https://x.example/a.png' })),
    await refused(api.pages.delete({ name: `pages/${code}` })),
  ];
  console.log(JSON.stringify({ found, past, page, codes }));
})();
"""


@pytest.fixture
def desk(emptied, live_server, settings):
    """A desk that listens, with three published claims; the last one's code."""
    settings.SITE_URL, settings.STATIC_ROOT = live_server.url, None
    for number in range(3):
        claim = published(
            decided(with_evidence(ClaimFactory(text=f"The ferry line cancelled {number} of its crossings.")))
        )
    return claim


def test_the_python_client_searches_pages_and_is_refused(desk, live_server, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    service = build(
        "factchecktools", "v1alpha1", developerKey="test-key", static_discovery=True, cache_discovery=False,
        client_options={"api_endpoint": f"{live_server.url}/"},
    )  # fmt: skip

    request, urls = service.claims().search(query="ferry crossings", languageCode="en-US", pageSize=2), []
    while request is not None:
        answer = valid(request.execute(), SEARCH)
        urls += [review["url"] for claim in answer["claims"] for review in claim["claimReview"]]
        request = service.claims().search_next(request, answer)
    assert len(urls) == len(set(urls)) == 3

    # Longer than an address may be: sent as a POST that means GET.
    long = "נאמר כי " * 400 + "the ferry line has cancelled its crossings"
    assert len(service.claims().search(query=long).execute()["claims"]) == 3
    assert service.claims().search(query="ferry", pageSize=100, offset=100_000).execute() == {}

    page = valid(service.pages().get(name=f"pages/{desk.code}").execute(), PAGE)
    assert service.pages().list(url=page["pageUrl"]).execute() == {"claimReviewMarkupPages": [page]}
    refused = [
        (service.claims().search(), 400),
        (service.claims().imageSearch(imageUri="https://x.example/a.png"), 501),
        (service.pages().create(body={"pageUrl": page["pageUrl"]}), 501),
        (service.pages().update(name=page["name"], body=page), 501),
        (service.pages().delete(name=page["name"]), 501),
        (service.pages().get(name="pages/0000-0000"), 404),
    ]
    for call, status in refused:
        with pytest.raises(HttpError) as error:
            call.execute()
        assert error.value.status_code == status and error.value.reason, call.uri

    withdraw_claim(claim_id=desk.pk, reason="It was a forgery.", by=DeskLeadFactory(), now=NOW)
    assert len(service.claims().search(query="ferry crossings").execute()["claims"]) == 2


def test_the_node_client_searches_pages_and_is_refused(npm, node, desk, live_server):
    done = subprocess.run(
        [node, "-e", SCRIPT, live_server.url, desk.code],
        cwd=FOLDER, capture_output=True, text=True, timeout=60, check=False,
        env={"no_proxy": "*", "NO_PROXY": "*"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    assert len(set(told["found"])) == 3
    assert told["past"] == {}
    assert valid(told["page"], PAGE)["name"] == f"pages/{desk.code}"
    assert told["codes"] == [400, 501, 501]
