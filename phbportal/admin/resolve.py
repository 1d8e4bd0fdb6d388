"""What a shared state shows: the resource is found on the server, and with it the permission that is wanted."""

from __future__ import annotations

from typing import Any

from phbportal.admin.registry import resource_of
from phbportal.admin.resource import Action, Form, Resource
from phbportal.domain.errors import NotFound
from phbportal.edge.here import params_of
from phbportal.policy.permissions import Permission


def resource_here(state: Any) -> Resource:
    """The resource whose page this is; NotFound for an address that names none."""
    return resource_of(str(params_of(state).get("resource", "")))


def may_read(state: Any) -> Permission:
    """The permission of a list or record."""
    return resource_here(state).read


def form_here(state: Any) -> Form:
    """The form whose page this is: the one for a new row, or the one for a change of a row."""
    resource = resource_here(state)
    form = resource.change if params_of(state).get("row") else resource.new
    if form is None:
        raise NotFound()
    return form


def may_fill_in(state: Any) -> Permission:
    """The permission of a form."""
    return form_here(state).permission


def form_steps_up(state: Any) -> bool:
    """Whether a form wants somebody who has just proved who they are."""
    return form_here(state).step_up


def action_here(state: Any) -> Action:
    """The action whose page this is."""
    code = params_of(state).get("action", "")
    found = next((one for one in resource_here(state).actions if one.code == code), None)
    if found is None:
        raise NotFound()
    return found


def action_on_many_here(state: Any) -> Action:
    """The action on several rows whose page this is."""
    found = action_here(state)
    if not any(where in ("selected", "all") for where in found.on):
        raise NotFound()
    return found


def may_act(state: Any) -> Permission:
    """The permission of an action."""
    return action_here(state).permission


def action_steps_up(state: Any) -> bool:
    """Whether an action wants somebody who has just proved who they are."""
    return action_here(state).step_up
