"""The discussion of an amendment: threads of two levels, page by page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kursbuch.strategy.models import Amendment, Comment

PAGE_SIZE = 100  # threads


@dataclass(frozen=True)
class Thread:
    comment: Comment
    replies: list[Comment]


@dataclass(frozen=True)
class Discussion:
    """One page of threads; ``total`` counts all comments, removed ones too."""

    threads: list[Thread]
    total: int
    number: int
    pages: int


def read_discussion(amendment: Amendment, number: int = 1) -> Discussion:
    """Two queries, whatever the number of comments: what hangs together, then the page with its authors."""
    replies: dict[int, list[int]] = defaultdict(list)
    roots: list[int] = []
    total = 0
    for pk, reply_to in amendment.comments.order_by("at", "id").values_list("pk", "reply_to_id"):
        total += 1
        if reply_to is None:
            roots.append(pk)
        else:
            replies[reply_to].append(pk)
    pages = max(1, -(-len(roots) // PAGE_SIZE))
    number = min(max(number, 1), pages)
    shown = roots[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    wanted = [*shown, *(reply for root in shown for reply in replies[root])]
    comments = Comment.objects.filter(amendment=amendment).select_related("author") if wanted else None
    if comments is not None and len(wanted) < total:
        comments = comments.filter(pk__in=wanted)
    by_key = {comment.pk: comment for comment in comments or ()}
    threads = [Thread(by_key[root], [by_key[reply] for reply in replies[root]]) for root in shown]
    return Discussion(threads, total, number, pages)


def page_of(comment: Comment) -> int:
    """The page of the discussion on which the comment stands."""
    root = comment.reply_to_id or comment.pk
    roots = list(
        Comment.objects.filter(amendment=comment.amendment_id, reply_to=None)
        .order_by("at", "id")
        .values_list("pk", flat=True)
    )
    return roots.index(root) // PAGE_SIZE + 1
