"""Signposting (https://signposting.org/FAIR/): what a machine may follow from a claim's page, as a Link header."""


def claim_links(url: str, *, site_url: str, licence_url: str) -> str:
    """Return the Link header of a published claim's page at this address (RFC 8288)."""
    links = [
        (url, "cite-as", ""),
        ("https://schema.org/ClaimReview", "type", ""),
        ("https://schema.org/AboutPage", "type", ""),
        (f"{url}.jsonld", "describedby", "application/ld+json"),
        (f"{url}/cite.json", "describedby", "application/vnd.citationstyles.csl+json"),
        (f"{url}/cite.bib", "describedby", "application/x-bibtex"),
        (f"{site_url}/about", "author", ""),
    ]
    if licence_url:
        links.append((licence_url, "license", ""))
    return ", ".join(f'<{to}>; rel="{rel}"' + (f'; type="{kind}"' if kind else "") for to, rel, kind in links)
