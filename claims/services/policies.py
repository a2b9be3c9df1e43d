"""The desk's policy: read by every rule, changed by a desk lead."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from claims import permissions
from claims.errors import NotPermitted, PolicyRefused, StaleVersion
from claims.models import Claim, Policy
from sources.services.history import sign_history

# Each value with its setting and its least and greatest; the page that changes them reads this.
VALUES = {
    "reviews_required": ("REVIEWS_REQUIRED", 1, 9),
    "origins_required": ("ORIGINS_REQUIRED", 1, 9),
    "review_by_days": ("REVIEW_BY_DAYS", 0, 3650),
    "review_by_days_pressing": ("REVIEW_BY_DAYS_PRESSING", 0, 3650),
}


@dataclass(frozen=True)
class PolicyValues:
    """What holds now; `version` is the stored row's, 0 while there is none."""

    reviews_required: int
    origins_required: int
    review_by_days: int
    review_by_days_pressing: int
    version: int = 0

    def review_by(self, *, priority: int, today: date) -> date | None:
        """Return the day by which a claim decided today is looked at again, or None where no date is set by itself."""
        days = self.review_by_days_pressing if priority <= Claim.Priority.HIGH else self.review_by_days
        return today + timedelta(days=days) if days else None


def current_policy() -> PolicyValues:
    """Return the values that hold now, in one query: the stored row's, and the settings' where it is empty."""
    stored = Policy.objects.filter(pk=1).first()
    values = {name: getattr(stored, name, None) for name in VALUES}
    defaults = {name: getattr(settings, setting) for name, (setting, _, _) in VALUES.items()}
    return PolicyValues(
        **{name: defaults[name] if value is None else value for name, value in values.items()},
        version=stored.version if stored else 0,
    )


@transaction.atomic
def change_policy(*, version: int, by: User, now: datetime, **values: int | None) -> PolicyValues:
    """Set the values that are given, None for the installation's setting; what is not given stays.

    Raises NotPermitted (not a desk lead), StaleVersion or PolicyRefused with the field. Holds from the next
    judgement or publication on; what is decided stays decided.
    """
    if not permissions.can_publish(by):
        raise NotPermitted("Changing the policy takes a desk lead's account.")
    policy = Policy.objects.select_for_update().filter(pk=1).first() or Policy(pk=1, version=0)
    if policy.version != version:
        raise StaleVersion(
            f"Somebody changed the policy in the meantime: it is at version {policy.version}.", current=policy.version
        )
    for name, value in values.items():
        _, least, most = VALUES[name]
        if value is not None and not least <= value <= most:
            raise PolicyRefused(f"A number from {least} to {most:,}.", field=name)
        setattr(policy, name, value)
    policy.version += 1
    policy.changed_by, policy.changed_at = by, now
    sign_history(policy, by=by, now=now, change="policy")
    policy.save()
    return current_policy()
