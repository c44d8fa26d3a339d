"""Handing out stored files. Whoever calls this has asked already whether the reader may see the file."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from xiangyue.records import storage
from xiangyue.records.kinds import ENDINGS, JPEG
from xiangyue.records.models import StoredFile

UNKNOWN = "application/octet-stream"
KEPT_SECONDS = 60 * 60  # by the reader's own browser; after that it asks again, and mostly hears "unchanged"
# Should a browser take a file for a page all the same, nothing in it runs.
HARMLESS = "default-src 'none'; sandbox; frame-ancestors 'none'"


def file_response(
    request: HttpRequest, stored: StoredFile, *, thumbnail: bool = False, download: bool = False
) -> HttpResponseBase:
    """Answer with a stored file's bytes, or with a photo's small version.

    Photos, which we encoded ourselves, are shown; everything else is saved, since a document may hold more than it
    shows. download: save a photo too. Raises: Http404 where it was erased or has no small version.
    """
    if stored.erased_at or (thumbnail and not stored.is_photo):
        raise Http404
    tag = f'"{stored.sha256}{"-small" if thumbnail else ""}"'
    response: HttpResponseBase
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = _whole(stored, thumbnail=thumbnail, download=download)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = HARMLESS
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    patch_vary_headers(response, ["Cookie"])
    return response


def _whole(stored: StoredFile, *, thumbnail: bool, download: bool) -> FileResponse:
    try:
        bytes_of_it = storage.open_bytes(stored.sha256, thumbnail=thumbnail)
    except FileNotFoundError:
        raise Http404 from None
    # Rows of before what a file is was told from its bytes may say anything.
    media_type = stored.media_type if stored.media_type in ENDINGS else UNKNOWN
    is_shown = media_type == JPEG.media_type and stored.is_photo and not download
    return FileResponse(
        bytes_of_it,
        as_attachment=not is_shown,
        filename=stored.download_name,
        content_type=media_type,
    )
