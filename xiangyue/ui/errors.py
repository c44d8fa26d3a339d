"""Answers to requests that no view answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old to be trusted: its page has to be opened again. Nothing was changed."""
    return render(request, "403_csrf.html", status=403)
