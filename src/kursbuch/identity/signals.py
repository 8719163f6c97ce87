"""What other apps can hear of people."""

from django.dispatch import Signal

# Sent with ``user`` in the transaction that deletes the account, before it does: unname what stays, delete
# what only concerned the person.
person_leaves = Signal()
