"""Input shapes: what a body may hold; anything else is refused by name, never dropped and never coerced."""

import re
from datetime import date

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Shape(serializers.Serializer):
    """A JSON object with these members and no others."""

    def to_internal_value(self, data):
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else ()
        if unknown:
            message = "This member is not known here, or cannot be set."
            raise ValidationError({name: [ErrorDetail(message, "unknown_field")] for name in sorted(unknown)})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A JSON string as it was sent; one that shows nothing counts as blank where blank is refused."""

    default_error_messages = {"invalid_type": "Give a JSON string."}

    def __init__(self, **kwargs):
        super().__init__(trim_whitespace=False, **kwargs)

    def run_validation(self, data=serializers.empty):
        if isinstance(data, str) and not self.allow_blank and not data.translate(_INVISIBLE).strip():
            self.fail("blank")
        return super().run_validation(data)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid_type")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A JSON integer of at most 63 bits; "5", 5.0 and true are refused."""

    default_error_messages = {"invalid_type": "Give a JSON integer."}

    def __init__(self, **kwargs):
        kwargs.setdefault("max_value", 2**63 - 1)
        super().__init__(**kwargs)

    def to_internal_value(self, data):
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid_type")
        return data


class Truth(serializers.BooleanField):
    """JSON true or false, and nothing that looks like it."""

    default_error_messages = {"invalid_type": "Give true or false."}

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid_type")
        return data


class Day(serializers.DateField):
    """A date as YYYY-MM-DD that the calendar has."""

    default_error_messages = {"invalid_date": "Give a date of the calendar as YYYY-MM-DD."}

    def to_internal_value(self, data):
        try:
            if not isinstance(data, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", data):
                raise ValueError
            return date.fromisoformat(data)
        except ValueError:
            self.fail("invalid_date")


class Language(Text):
    """A language by BCP 47, as in en or pt-BR."""

    default_error_messages = {"invalid_language": "Give a language tag, as in en or pt-BR."}

    def __init__(self, **kwargs):
        super().__init__(max_length=12, **kwargs)

    def to_internal_value(self, data):
        value = super().to_internal_value(data)
        if not _LANGUAGE.fullmatch(value):
            self.fail("invalid_language")
        return value


class Nothing(Shape):
    """An empty body."""


class FieldProblem(serializers.Serializer):
    """What is wrong with one field."""

    code = serializers.CharField()
    message = serializers.CharField()


class ProblemShape(serializers.Serializer):
    """Every error answer: RFC 9457, with a `code` that stays and, for 400, what is wrong with which field."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for machines.")
    detail = serializers.CharField(help_text="For people: what happened and what to do.")
    instance = serializers.CharField(help_text="The path that was asked for.")
    errors = serializers.DictField(child=FieldProblem(many=True), required=False)
