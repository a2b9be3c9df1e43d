"""Forms of the people's pages."""

from django import forms

from claims import permissions
from claims.services.accounts import INVITED_ROLES

from .forms import DeskForm


class InviteForm(DeskForm):
    name = "invite"
    full_name = forms.CharField(label="Name", required=False, max_length=150)
    email = forms.CharField(
        label="Mail address", required=False, max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"})
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[(role, permissions.ROLE_LABELS[role]) for role in INVITED_ROLES],
        initial=permissions.REVIEWERS,
        widget=forms.RadioSelect,
    )


class ClientForm(DeskForm):
    name = "client"
    username = forms.CharField(
        label="User name", required=False, max_length=150, help_text="Names the program, as in newsroom-archive."
    )


class DetailsForm(DeskForm):
    name = "details"
    first_name = forms.CharField(label="First name", required=False, max_length=150)
    last_name = forms.CharField(label="Last name", required=False, max_length=150)
    email = forms.CharField(label="Mail address", required=False, max_length=254)


class RoleForm(DeskForm):
    name = "role"
    role = forms.ChoiceField(
        label="Role",
        required=False,
        choices=[*permissions.ROLE_LABELS.items(), ("", "None: the account opens nothing")],
        widget=forms.RadioSelect,
    )
