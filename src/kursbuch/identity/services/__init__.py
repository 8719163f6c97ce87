"""What happens to accounts and memberships; every step is told to the chronicle."""

from kursbuch.identity.services.account import change_profile, delete_account, export_own_data
from kursbuch.identity.services.membership import (
    ForeignOfficeError,
    LastAdminError,
    OfficeMissingError,
    appoint_admin,
    change_role,
    join_city,
)

__all__ = [
    "ForeignOfficeError",
    "LastAdminError",
    "OfficeMissingError",
    "appoint_admin",
    "change_profile",
    "change_role",
    "delete_account",
    "export_own_data",
    "join_city",
]
