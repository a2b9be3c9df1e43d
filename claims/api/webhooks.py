"""Webhooks over HTTP: endpoints and their log, for keys with the scope and for desk leads."""

import json
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.response import Response

from claims import permissions
from claims.models import ApiKey, Change, Delivery, Topic
from claims.models import Endpoint as WebhookEndpoint
from claims.services import webhooks
from sources.api.describing import CREATE_ERRORS, IDEMPOTENCY_KEY, IF_MATCH, PAGE, WRITE_ERRORS, describe, query
from sources.api.endpoint import Endpoint, page_shape
from sources.api.paging import Keyset, filters_of, one_of
from sources.api.problems import Problem
from sources.api.shapes import Nothing, Shape, Text, Truth
from sources.wake import wake

from . import public
from .claims import seen_by
from .creating import answer, create_once, version_read

ADDRESS = "/api/v1/webhooks/{}"
SEND = "claims.tasks.send_due_deliveries"


class Webhooks(BasePermission):
    """A key with the scope `webhooks`, or a desk lead's session."""

    message = "This takes a key with the scope webhooks, or a desk lead's session."

    def has_permission(self, request, view):
        if isinstance(request.auth, ApiKey):
            return "webhooks" in request.auth.scopes
        return permissions.can_publish(request.user)


class _Kinds(serializers.ListField):
    def __init__(self, **kwargs):
        super().__init__(child=serializers.ChoiceField(Change.Kind.choices), max_length=20, **kwargs)


class _Filters(Shape):
    """What an endpoint is told of; an empty list lets everything through, and all three must let it."""

    events = _Kinds(required=False, help_text="Kinds of the ledger.")
    topics = serializers.ListField(
        child=Text(max_length=100), required=False, max_length=100, help_text="Slugs, as `GET topics` lists them."
    )
    claims = serializers.ListField(
        child=Text(max_length=20), required=False, max_length=500, help_text="Claims' ids, as in 7K3M-Q9TX."
    )
    description = Text(required=False, allow_blank=True, max_length=200)


class WebhookDraft(_Filters):
    url = Text(max_length=2048, help_text="Over https; not a private address and not this service's own.")


class WebhookEdit(_Filters):
    url = Text(max_length=2048, required=False)
    is_enabled = Truth(required=False, help_text="Switched off, what waits is not sent; it can be sent again later.")


class WebhookShape(serializers.Serializer):
    """An endpoint, without its secret."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    description = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    topics = serializers.SerializerMethodField()
    claims = serializers.SerializerMethodField()
    is_enabled = serializers.BooleanField()
    disabled_at = serializers.DateTimeField(allow_null=True)
    disabled_reason = serializers.CharField(help_text="person, gone (it answered 410) or failing (five days of it).")
    failing_since = serializers.DateTimeField(allow_null=True)
    last_delivered_at = serializers.DateTimeField(allow_null=True, help_text="To within ten seconds.")
    old_secret_until = serializers.DateTimeField(allow_null=True, help_text="Until then two secrets sign.")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()

    def get_topics(self, endpoint: WebhookEndpoint) -> list[str]:
        """Return the topics' slugs."""
        return [topic.slug for topic in endpoint.topics.all()]

    def get_claims(self, endpoint: WebhookEndpoint) -> list[str]:
        """Return the claims' ids."""
        return [claim.code for claim in endpoint.claims.all()]


class WebhookWithSecret(WebhookShape):
    """An endpoint with its secret, which is shown this once."""

    secret = serializers.CharField(help_text="whsec_ and 32 bytes in base64; keep it, it is not shown again.")


class DeliveryShape(serializers.Serializer):
    """One event for one endpoint."""

    id = serializers.IntegerField()
    message_id = serializers.CharField(help_text="The webhook-id, the same on every try.")
    event = serializers.CharField(help_text="A kind of the ledger, or test.")
    seq = serializers.IntegerField(source="change_id", allow_null=True, help_text="Its row in the ledger.")
    state = serializers.CharField(help_text="waiting, delivered or failed.")
    reason = serializers.CharField()
    tries = serializers.IntegerField(help_text="Since it was queued, or queued again.")
    created_at = serializers.DateTimeField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class AttemptShape(serializers.Serializer):
    """One post, and what came back."""

    number = serializers.IntegerField()
    url = serializers.CharField()
    sent_at = serializers.DateTimeField()
    request_headers = serializers.DictField(child=serializers.CharField())
    outcome = serializers.CharField()
    http_status = serializers.IntegerField(allow_null=True)
    response = serializers.CharField(help_text="The first 16 KiB of the answer's body.")
    reason = serializers.CharField()
    seconds = serializers.FloatField()


class DeliveryInFull(DeliveryShape):
    body = serializers.CharField(help_text="The bytes that were signed and sent, as text.")
    attempts = AttemptShape(many=True)


class _WebhookEndpoint(Endpoint):
    permission_classes = [Webhooks]

    def endpoints(self) -> Any:
        return WebhookEndpoint.objects.visible_to(self.request.user).prefetch_related("topics", "claims")

    def described(self, pk: int, **more: Any) -> dict[str, Any]:
        return {**WebhookShape(self.endpoints().get(pk=pk)).data, **more}

    def delivery(self, pk: str, delivery: str) -> Delivery:
        return self.row(Delivery.objects.filter(endpoint=self.row(self.endpoints(), pk)), delivery)

    def filters(self, members: dict[str, Any]) -> dict[str, Any]:
        """Return the members with topics and claims in place of their names; or raise Problem."""
        found = dict(members)
        if "topics" in members:
            found["topics"] = list(Topic.objects.filter(slug__in=members["topics"]))
            _all_found("topics", set(members["topics"]), {topic.slug for topic in found["topics"]})
        if "claims" in members:
            ids = {code: public.public_id_of(code) for code in members["claims"]}
            found["claims"] = list(seen_by(self.request).filter(public_id__in=ids.values()))
            known = {claim.public_id for claim in found["claims"]}
            _all_found("claims", set(ids), {code for code, public_id in ids.items() if public_id in known})
        return found


def _all_found(field: str, wanted: set[str], found: set[str]) -> None:
    if missing := wanted - found:
        raise Problem(400, "does_not_exist", f"There is no “{min(missing)}”.", field=field)


def etag(version: int) -> dict[str, str]:
    return {"ETag": f'"v{version}"'}


class WebhookList(_WebhookEndpoint):
    """Endpoints: a key's owner's own, or for a desk lead all of them."""

    @describe(
        "List webhook endpoints, newest first.",
        name="webhooks_list",
        tag="webhooks",
        answers={200: page_shape(WebhookShape)},
        parameters=PAGE,
    )
    def get(self, request):
        filters_of(request.query_params, ())
        return self.listing(self.endpoints(), Keyset("-created_at", "-pk"), WebhookShape)

    @describe(
        "Create a webhook endpoint.",
        name="webhooks_create",
        tag="webhooks",
        request=WebhookDraft,
        answers={201: WebhookWithSecret},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
        detail="The answer holds the secret, this once. Events are posted as Standard Webhooks 1.0.0 says: "
        "webhook-id, webhook-timestamp and webhook-signature sign the body; any 2xx is a receipt, 410 switches the "
        "endpoint off, anything else is tried again, ten times over three days. Order is not promised: `data.seq` "
        "is the place in the ledger. At most ten endpoints to an account.",
    )
    def post(self, request):
        members = self.filters(self.read_body(WebhookDraft))

        def work():
            endpoint, _ = webhooks.create_endpoint(owner=request.user, now=timezone.now(), **members)
            data = self.described(endpoint.pk)
            return answer(201, data, location=ADDRESS.format(endpoint.pk), etag=f'"v{endpoint.version}"')

        given = create_once(request, work)
        # What is kept to be given again holds no secret: that stands in the database encrypted alone.
        data = json.loads(given.content)
        kept = self.endpoints().filter(pk=data["id"]).first()
        data["secret"] = webhooks.secret_of(kept) if kept and kept.version == data["version"] else ""
        given.content = json.dumps(data)
        return given


class WebhookDetail(_WebhookEndpoint):
    """One endpoint."""

    @describe("Read a webhook endpoint.", name="webhooks_read", tag="webhooks", answers={200: WebhookShape})
    def get(self, request, pk):
        endpoint = self.row(self.endpoints(), pk)
        return Response(WebhookShape(endpoint).data, headers=etag(endpoint.version))

    @describe(
        "Edit a webhook endpoint, or switch it on or off.",
        name="webhooks_edit",
        tag="webhooks",
        request=WebhookEdit,
        answers={200: WebhookShape},
        errors=(*WRITE_ERRORS, 412, 428),
        parameters=(IF_MATCH,),
    )
    def patch(self, request, pk):
        endpoint = self.row(self.endpoints(), pk)
        version = version_read(request)
        members = self.filters(self.read_body(WebhookEdit))
        endpoint = webhooks.edit_endpoint(endpoint_id=endpoint.pk, version=version, now=timezone.now(), **members)
        return Response(self.described(endpoint.pk), headers=etag(endpoint.version))

    @describe(
        "Delete a webhook endpoint and its log.",
        name="webhooks_delete",
        tag="webhooks",
        answers={204: None},
        errors=WRITE_ERRORS,
    )
    def delete(self, request, pk):
        webhooks.delete_endpoint(endpoint_id=self.row(self.endpoints(), pk).pk)
        return Response(status=204)


class WebhookRotation(_WebhookEndpoint):
    """A new secret for an endpoint."""

    @describe(
        "Make a new secret.",
        name="webhooks_rotate",
        tag="webhooks",
        request=Nothing,
        answers={200: WebhookWithSecret},
        errors=WRITE_ERRORS,
        detail="The answer holds the new secret, this once. For 24 hours both sign, so that a receiver may change "
        "over in between.",
    )
    def post(self, request, pk):
        endpoint = self.row(self.endpoints(), pk)
        self.read_body(Nothing)
        endpoint, secret = webhooks.rotate_secret(endpoint_id=endpoint.pk, now=timezone.now())
        return Response(self.described(endpoint.pk, secret=secret), headers=etag(endpoint.version))


class WebhookTest(_WebhookEndpoint):
    """An event that tries an endpoint out."""

    @describe(
        "Send a test event.",
        name="webhooks_test",
        tag="webhooks",
        request=Nothing,
        answers={202: DeliveryShape},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
        detail="Its type is `test` and it is in no ledger. Sent in the background; the log says what came back.",
    )
    def post(self, request, pk):
        endpoint = self.row(self.endpoints(), pk)
        self.read_body(Nothing)

        def work():
            delivery = webhooks.send_test(endpoint_id=endpoint.pk, now=timezone.now())
            delivery.refresh_from_db()
            wake(SEND)
            where = ADDRESS.format(f"{endpoint.pk}/deliveries/{delivery.pk}")
            return answer(202, DeliveryShape(delivery).data, location=where)

        return create_once(request, work)


class WebhookDeliveries(_WebhookEndpoint):
    """The log of one endpoint."""

    @describe(
        "List the deliveries of a webhook endpoint, newest first.",
        name="deliveries_list",
        tag="webhooks",
        answers={200: page_shape(DeliveryShape)},
        parameters=(query("state", "waiting, delivered or failed."), *PAGE),
        detail="Finished ones are kept for 30 days.",
    )
    def get(self, request, pk):
        filters = filters_of(request.query_params, {"state"})
        rows = Delivery.objects.filter(endpoint=self.row(self.endpoints(), pk))
        if "state" in filters:
            rows = rows.filter(state=one_of("state", filters["state"], Delivery.State.values))
        return self.listing(rows, Keyset("-pk"), DeliveryShape)


class WebhookDelivery(_WebhookEndpoint):
    """One delivery."""

    @describe(
        "Read a delivery with its request and every answer to it.",
        name="deliveries_read",
        tag="webhooks",
        answers={200: DeliveryInFull},
    )
    def get(self, request, pk, delivery):
        return Response(DeliveryInFull(self.delivery(pk, delivery)).data)


class WebhookReplay(_WebhookEndpoint):
    """A delivery sent once more."""

    @describe(
        "Send a finished delivery again.",
        name="deliveries_replay",
        tag="webhooks",
        request=Nothing,
        answers={202: DeliveryShape},
        errors=WRITE_ERRORS,
        detail="Under the same webhook-id, with all its tries: a receiver that had it can tell.",
    )
    def post(self, request, pk, delivery):
        found = self.delivery(pk, delivery)
        self.read_body(Nothing)
        replayed = webhooks.replay_delivery(delivery_id=found.pk)
        wake(SEND)
        return Response(DeliveryShape(replayed).data, status=202)
