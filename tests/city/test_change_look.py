"""A city's own name, colours and logo: readable, safe, and kept by browsers until they change."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks
from tests.personas import client_of

from kursbuch.chronicle.models import Entry
from kursbuch.city import look, pictures
from kursbuch.city.colours import contrast, parse_colour, readable_on
from kursbuch.city.models import City
from kursbuch.identity.models import Membership

colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def picture(size: tuple[int, int] = (900, 300), kind: str = "JPEG", colour: str = "#c00000") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#abcdef", "#abcdef", 1)]
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@given(colours)
def test_black_or_white_reads_on_every_colour(ground: str) -> None:
    assert contrast(readable_on(ground), ground) >= 4.5


@given(colours)
def test_a_stylesheet_says_what_was_chosen(colour: str) -> None:
    css = look.stylesheet(look.tokens_of(action=colour))
    assert f"--kern-color-action-default: {colour};" in css
    assert css.count("{") == css.count("}") == 1


@pytest.mark.parametrize(
    "bad", [{"--kern-x": "red; } body { display: none"}, {"x} *": "#000000"}, {"--other": "#000000"}, {"--kern-x": 1}]
)
def test_nothing_but_tokens_and_colours_gets_into_the_stylesheet(bad: dict[str, str]) -> None:
    assert look.stylesheet(bad) == "/* KERN's own colours */\n"


def test_short_colours_are_understood() -> None:
    assert parse_colour(" #A1F ") == "#aa11ff"


def test_an_administrator_changes_the_look(
    as_adam: Client, city: City, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    data = {"name": "Gelsenkirchen am Rhein-Herne-Kanal", "action": "#00529B", "soft": "#f2f6fa", "focus": ""}
    upload = SimpleUploadedFile("wappen.svg.jpg", picture(), "text/html")
    with django_capture_on_commit_callbacks(execute=True):
        response = as_adam.post("/stadt/aussehen/", {**data, "logo": upload})
    assert response.status_code == 302
    city.refresh_from_db()
    assert city.name == data["name"]
    assert city.look == {
        "--kern-color-action-default": "#00529b",
        "--kern-color-action-on-default": "#ffffff",
        "--kern-color-layout-background-hued": "#f2f6fa",
    }
    entry = Entry.objects.get(verb="look_changed")
    assert (entry.city, entry.public, entry.thing) == (city, False, "city")

    logo = as_adam.get("/stadt/logo.png")
    assert logo.headers["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(b"".join(logo.streaming_content))) as image:  # type: ignore[attr-defined]
        assert (image.format, image.size) == ("PNG", (512, 171))

    first = city.logo.name
    with django_capture_on_commit_callbacks(execute=True):
        as_adam.post(
            "/stadt/aussehen/", {**data, "logo": SimpleUploadedFile("neu.png", picture(kind="PNG", colour="#00c"))}
        )
    city.refresh_from_db()
    assert city.logo.name != first
    assert not city.logo.storage.exists(first)
    with django_capture_on_commit_callbacks(execute=True):
        as_adam.post("/stadt/aussehen/", {**data, "remove_logo": "on"})
    assert as_adam.get("/stadt/logo.png").status_code == 404


@pytest.mark.parametrize(
    ("field", "colour", "says"),
    [
        ("action", "#ffcc00", "Kontrast von 1,3 : 1"),  # 1.37 on the tinted ground, rounded down
        ("soft", "#333333", "hellere Farbe"),
        ("focus", "#dddddd", "dunklere Farbe"),
        ("action", "blau", "Raute mit sechs Ziffern"),
    ],
)
def test_colours_nobody_can_read_are_refused(as_adam: Client, city: City, field: str, colour: str, says: str) -> None:
    response = as_adam.post("/stadt/aussehen/", {"name": "Gelsenkirchen", field: colour})
    assert response.status_code == 200
    assert says in response.content.decode()
    city.refresh_from_db()
    assert city.look == {}
    assert not Entry.objects.filter(verb="look_changed").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 40,
        picture()[:200],
    ],
)
def test_what_is_no_picture_is_refused(as_adam: Client, city: City, content: bytes) -> None:
    upload = SimpleUploadedFile("logo.png", content or b" ", "image/png")
    response = as_adam.post("/stadt/aussehen/", {"name": "Gelsenkirchen", "logo": upload})
    assert "Dieses Bild können wir nicht lesen" in response.content.decode()
    city.refresh_from_db()
    assert not city.logo


def test_a_picture_of_too_many_pixels_is_not_decoded() -> None:
    with pytest.raises(pictures.PictureError, match="large"):
        pictures.redraw_logo(io.BytesIO(picture((9000, 9000), "PNG")))


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(pictures.PictureError, match="large"):
        pictures.redraw_logo(io.BytesIO(b"\0" * (pictures.MAX_BYTES + 1)))


def test_browsers_keep_the_stylesheet_until_it_changes(visitor: Client, city: City) -> None:
    response = visitor.get("/stadt/look.css")
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, no-cache"
    again = visitor.get("/stadt/look.css", headers={"if-none-match": response.headers["ETag"]})
    assert again.status_code == 304
    for_ever = visitor.get(f"/stadt/look.css?v={city.look_version}")
    assert "immutable" in for_ever.headers["Cache-Control"]
    City.objects.filter(pk=city.pk).update(look=look.tokens_of(action="#123456"))
    city.refresh_from_db()
    changed = visitor.get(f"/stadt/look.css?v={city.look_version}")
    assert "#123456" in changed.content.decode()


def test_every_page_links_the_stylesheet_and_has_no_inline_style(visitor: Client, city: City) -> None:
    page = visitor.get("/stadt/impressum/").content.decode()
    assert f'href="/stadt/look.css?v={city.look_version}"' in page
    assert "<style" not in page
    assert " style=" not in page


@pytest.mark.parametrize("who", ["anna", "frida", "olaf", "edda", "klara"])
@pytest.mark.parametrize(
    "page", ["", "aussehen/", "texte/", "sprachen/", "aemter/", "aemter/stabsstelle-digitalisierung/"]
)
def test_only_administrators_get_in(
    who: str, page: str, request: pytest.FixtureRequest, olaf: Membership, visitor: Client
) -> None:
    client = client_of(request.getfixturevalue(who))
    assert client.get(f"/stadt/{page}").status_code == 403
    assert client.post(f"/stadt/{page}", {"name": "x"}).status_code == (403 if page else 405)
    assert visitor.get(f"/stadt/{page}").status_code == 302
    assert visitor.post(f"/stadt/{page}").status_code == (302 if page else 405)
