"""Photos of a form on the phone: what was kept of it already, what comes with it now, and what becomes of both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.kernel.refusals import Refusal
from xiangyue.people.models import Household
from xiangyue.records.drafts import draft_photo, drafted_photo, forget_photos
from xiangyue.records.kinds import kind_of
from xiangyue.records.refusals import NotAPhoto
from xiangyue.scoring.refusals import TooManyPhotos

Files = list[tuple[str, bytes]]


def owner_of(household: Household) -> str:
    """Name whose drafts they are: a household finds its own alone."""
    return str(household.public_id)


@dataclass
class SentPhotos:
    """Photos that a form brings. kept: tokens of drafts. fresh: name and bytes of what comes with it now."""

    household: Household
    kept: list[str]
    fresh: Files = field(default_factory=list)
    problem: str = ""

    @classmethod
    def of(cls, request: HttpRequest, household: Household, *, most: int) -> "SentPhotos":
        """Read what was sent, without what was taken out again; too many, and what is no photo, is a problem."""
        owner, dropped = owner_of(household), request.POST.get("drop", "")
        tokens = [token for token in request.POST.getlist("kept") if token != dropped]
        there = [token for token in tokens if drafted_photo(owner=owner, token=token, thumbnail=True)]
        sent = cls(household, list(dict.fromkeys(there))[:most])
        for file in request.FILES.getlist("photos"):
            if len(sent.kept) + len(sent.fresh) >= most:
                sent.problem = str(TooManyPhotos(most=most))
                break
            sent._add(file.name or _("照片"), file.read())
        return sent

    def _add(self, name: str, content: bytes) -> None:
        try:
            if not kind_of(content, name).photo_format:
                raise NotAPhoto(name=name)
            self.fresh.append((name, content))
        except Refusal as refusal:
            self.problem = str(refusal)

    def files(self) -> Files:
        """Give all of them as an operation takes them."""
        drafts = [drafted_photo(owner=owner_of(self.household), token=token) for token in self.kept]
        named = [
            (_("照片%(place)s.jpg") % {"place": place}, draft) for place, draft in enumerate(drafts, start=1)
        ]
        return [(name, draft) for name, draft in named if draft is not None] + self.fresh

    def keep(self) -> None:
        """Keep what came now, so that the form can come back with it."""
        for name, content in self.fresh:
            try:
                self.kept.append(draft_photo(owner=owner_of(self.household), name=name, content=content))
            except Refusal as refusal:
                self.problem = str(refusal)
        self.fresh = []

    def forget(self) -> None:
        """Take the drafts away: the form went through."""
        forget_photos(owner=owner_of(self.household), tokens=self.kept)


def photos_context(kept: Sequence[str], most: int) -> dict[str, Any]:
    """Describe the photos of a form, as `phone/photos.html` documents them."""
    return {
        "kept": [{"token": token, "url": reverse("phone:draft-photo", args=[token])} for token in kept],
        "most_photos": most,
        "upload_url": reverse("phone:draft-photos"),
    }
